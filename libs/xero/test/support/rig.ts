import { createLog, Registry, timeScale } from '@afo/kit'
import { type Answer, type HttpStub, httpStub, json, redisScripts, type TestRedis, testRedis } from '@afo/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import {
  type CallOptions,
  type CallRecord,
  createXero,
  type InvoiceWrite,
  type TokenSource,
  type Xero,
} from '../../src/index.js'

export const id = '3ff6d40c-af9a-40a3-89ce-3c1556a25591'
export const secret = 'canary-bearer-4711'
export const person: CallOptions = { priority: 'person' }
/** What Xero says of its limits beside an answer. */
export const headers = {
  'X-MinLimit-Remaining': '59',
  'X-DayLimit-Remaining': '900',
  'X-AppMinLimit-Remaining': '9999',
  'Xero-Correlation-Id': 'c-1',
}
const sums = { SubTotal: 100, TotalTax: 15, Total: 115, AmountDue: 115 }
/** An invoice as it is asked for, and as Xero answers it. */
export const invoice: InvoiceWrite = {
  invoiceNumber: 'AFO-00001',
  contact: { contactID: id },
  date: '2026-09-14',
  dueDate: '2026-09-28',
  status: 'AUTHORISED',
  lineItems: [{ description: 'Labour', quantity: '1.5', unitAmount: '66.6667', accountCode: '200' }],
}
export const issued = { InvoiceID: id, InvoiceNumber: 'AFO-00001', Status: 'AUTHORISED', ...sums }

type Tokens = TokenSource & { tenantId: string; forgotten: number; rejected: string[]; reported: string[] }

interface Rig {
  xero: Xero
  stub: HttpStub
  /** How the stub answers from now on. */
  answer: Answer
  /** The organisation that people have chosen. */
  inUse: string | null
  tokens: Tokens
  records: CallRecord[]
  registry: Registry
  runScript: Awaited<ReturnType<typeof redisScripts>>['runScript']
  /** The call that arrived last. */
  last(): HttpStub['arrived'][number] & { readonly at: URL }
}

/**
 * For a file's top: for each test a client and an organisation of its own. Against a stub, since the sandbox gives no garbage: what is asked for goes over real
 * HTTP through the SDK, what comes back is as told. No token may be logged or kept.
 */
export function useXero(): Rig {
  const rig = {
    last() {
      const call = rig.stub.arrived.at(-1)
      if (!call) throw new Error('nothing arrived')
      return { ...call, at: new URL(call.url, rig.stub.url) }
    },
  } as Rig
  let redis: TestRedis
  let replica: Awaited<ReturnType<typeof redisScripts>>
  let logged = ''
  beforeAll(async () => {
    redis = await testRedis()
    replica = await redisScripts(redis.url)
    rig.runScript = replica.runScript
  })
  afterAll(async () => {
    await replica.close()
    await redis.close()
  })

  let n = 0
  beforeEach(async () => {
    rig.answer = (_, response) => json(response, 200, { Contacts: [], Invoices: [], Items: [] }, headers)
    rig.stub = await httpStub((call, response) => rig.answer(call, response))
    rig.records = []
    rig.registry = new Registry()
    rig.tokens = tokensOf(`tenant-${++n}`)
    rig.inUse = rig.tokens.tenantId
    logged = ''
    const write = (line: string) => {
      logged += line
    }
    rig.xero = createXero({
      apiUrl: rig.stub.url,
      tokens: rig.tokens,
      inUse: async () => rig.inUse,
      runScript: rig.runScript,
      log: createLog('test', 'trace', { write }),
      registry: rig.registry,
      service: 'invoicing',
      scale: timeScale(20, false),
      record: async (call) => void rig.records.push(call),
      limits: { maxWaitMs: 20_000 },
    })
  })
  afterEach(async () => {
    await rig.xero.close()
    await rig.stub.close()
    expect(logged).not.toContain(secret)
    expect(JSON.stringify(rig.records)).not.toContain(secret)
  })
  return rig
}

/** A token that tells how many before it were refused. */
function tokensOf(tenantId: string): Tokens {
  const tokens: Tokens = {
    tenantId,
    forgotten: 0,
    rejected: [],
    reported: [],
    get: async () => ({
      accessToken: `${secret}-${tokens.rejected.length}`,
      tenantId: tokens.tenantId,
      tenantName: 'Demo',
      expiresAt: '2099-01-01T00:00:00Z',
    }),
    forget: () => void tokens.forgotten++,
    reject: (token) => void tokens.rejected.push(token),
    reportDisconnected: async (_token, tenant, reason) => void tokens.reported.push(`${tenant} ${reason}`),
  }
  return tokens
}
