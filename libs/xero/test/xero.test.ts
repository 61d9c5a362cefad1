import { once } from 'node:events'
import { createLog, Registry, sleep, timeScale, withContext } from '@afo/kit'
import { readQuota } from '@afo/limiter'
import { type Answer, type HttpStub, httpStub, json, redisScripts, type TestRedis, testRedis } from '@afo/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type CallOptions,
  type CallRecord,
  createXero,
  type InvoiceWrite,
  type TokenSource,
  type Xero,
} from '../src/index.js'

// Against a stub, since the sandbox gives no garbage: what is asked for goes over real HTTP through the SDK, what comes back is as told.
const id = '3ff6d40c-af9a-40a3-89ce-3c1556a25591'
const zero = '00000000-0000-0000-0000-000000000000'
const secret = 'canary-bearer-4711'
const person: CallOptions = { priority: 'person' }
const headers = {
  'X-MinLimit-Remaining': '59',
  'X-DayLimit-Remaining': '900',
  'X-AppMinLimit-Remaining': '9999',
  'Xero-Correlation-Id': 'c-1',
}
const sums = { SubTotal: 100, TotalTax: 15, Total: 115, AmountDue: 115 }
const invoice: InvoiceWrite = {
  invoiceNumber: 'AFO-00001',
  contact: { contactID: id },
  date: '2026-09-14',
  dueDate: '2026-09-28',
  status: 'AUTHORISED',
  lineItems: [{ description: 'Labour', quantity: '1.5', unitAmount: '66.6667', accountCode: '200' }],
}
const issued = { InvoiceID: id, InvoiceNumber: 'AFO-00001', Status: 'AUTHORISED', ...sums }

let redis: TestRedis
let replica: Awaited<ReturnType<typeof redisScripts>>
let stub: HttpStub
let answer: Answer
let xero: Xero
let records: CallRecord[]
let logged: string
let registry: Registry
let tokens: TokenSource & { tenantId: string; forgotten: number; rejected: string[]; reported: string[] }
let inUse: string | null

beforeAll(async () => {
  redis = await testRedis()
  replica = await redisScripts(redis.url)
})
afterAll(async () => {
  await replica.close()
  await redis.close()
})

let n = 0
beforeEach(async () => {
  answer = (_, response) => json(response, 200, { Contacts: [], Invoices: [], Items: [] }, headers)
  stub = await httpStub((call, response) => answer(call, response))
  records = []
  logged = ''
  registry = new Registry()
  const tenantId = `tenant-${++n}`
  inUse = tenantId
  tokens = {
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
  xero = createXero({
    apiUrl: stub.url,
    tokens,
    inUse: async () => inUse,
    runScript: replica.runScript,
    log: createLog('test', 'trace', { write }),
    registry,
    service: 'invoicing',
    scale: timeScale(20, false),
    record: async (call) => void records.push(call),
    limits: { maxWaitMs: 20_000 },
  })
})
afterEach(async () => {
  await xero.close()
  await stub.close()
  expect(logged).not.toContain(secret)
  expect(JSON.stringify(records)).not.toContain(secret)
})

const write = (line: string) => {
  logged += line
}

const last = () => {
  const call = stub.arrived.at(-1)
  if (!call) throw new Error('nothing arrived')
  return { ...call, at: new URL(call.url, stub.url) }
}

describe('what it asks', () => {
  it('a page of contacts', async () => {
    answer = (_, response) =>
      json(
        response,
        200,
        {
          Contacts: [{ ContactID: id, Name: 'A' }],
          pagination: { page: 2, pageSize: 1000, pageCount: 3, itemCount: 2001 },
        },
        headers,
      )
    const query = {
      page: 2,
      pageSize: 1000,
      modifiedSince: '2026-09-14T10:00:00Z',
      includeArchived: true,
      where: 'Name=="R&D + Söhne"',
      ids: [id, zero],
    }
    const outcome = await xero.contacts.list(query, person)
    expect(outcome).toMatchObject({ kind: 'ok', value: { page: 2, pageCount: 3, items: [{ name: 'A' }] } })
    const { method, at, headers: sent, body } = last()
    expect(method).toBe('GET')
    expect(at.pathname).toBe('/api.xro/2.0/Contacts')
    expect(Object.fromEntries(at.searchParams)).toEqual({
      page: '2',
      pageSize: '1000',
      includeArchived: 'true',
      where: 'Name=="R&D + Söhne"',
      IDs: `${id},${zero}`,
    })
    expect(sent).toMatchObject({
      authorization: `Bearer ${secret}-0`,
      'xero-tenant-id': `tenant-${n}`,
      'if-modified-since': '2026-09-14T10:00:00.000Z',
    })
    expect(body).toBe('')
  })

  it('a contact by its number, null where there is none', async () => {
    answer = (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end()
    expect(await xero.contacts.get('C/1 ü', person)).toEqual({ kind: 'ok', value: null })
    expect(last().at.pathname).toBe(`/api.xro/2.0/Contacts/${encodeURIComponent('C/1 ü')}`)
  })

  it.each(['create', 'upsert'] as const)('contacts to %s, each with its own result', async (how) => {
    const refused = {
      ContactID: zero,
      Name: 'B',
      StatusAttributeString: 'ERROR',
      ValidationErrors: [{ Message: 'taken' }],
    }
    answer = (_, response) => json(response, 200, { Contacts: [{ ContactID: id, Name: 'A' }, refused] }, headers)
    const outcome = await xero.contacts[how](
      [{ name: 'A', emailAddress: 'a@b.c', phones: [{ phoneType: 'MOBILE', phoneNumber: null }] }, { name: 'B' }],
      { priority: 'schedule', idempotencyKey: 'k' },
    )
    expect(outcome).toMatchObject({
      kind: 'ok',
      value: [
        { ok: true, value: { contactID: id } },
        { ok: false, messages: ['taken'] },
      ],
    })
    const { method, at, headers: sent, body } = last()
    expect(method).toBe(how === 'create' ? 'PUT' : 'POST')
    expect(at.search).toBe('?summarizeErrors=false')
    expect(sent['idempotency-key']).toBe('k')
    expect(JSON.parse(body)).toEqual({
      Contacts: [
        { Name: 'A', EmailAddress: 'a@b.c', Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '' }] },
        { Name: 'B' },
      ],
    })
  })

  it('an invoice to create, byte for byte the same again', async () => {
    answer = (_, response) => json(response, 200, { Invoices: [issued] }, headers)
    for (let i = 0; i < 2; i++) {
      const outcome = await xero.invoices.create([invoice], { priority: 'invoice', idempotencyKey: 'k' })
      expect(outcome).toMatchObject({ kind: 'ok', value: [{ ok: true, value: { invoiceID: id, total: '115' } }] })
    }
    const { method, at, body } = last()
    expect(method).toBe('PUT')
    expect(Object.fromEntries(at.searchParams)).toEqual({ summarizeErrors: 'false', unitdp: '4' })
    expect(body).toBe(stub.arrived[0]?.body)
    expect(JSON.parse(body)).toEqual({
      Invoices: [
        {
          Type: 'ACCREC',
          Contact: { ContactID: id },
          LineItems: [{ Description: 'Labour', Quantity: 1.5, UnitAmount: 66.6667, AccountCode: '200' }],
          Date: '2026-09-14',
          DueDate: '2026-09-28',
          LineAmountTypes: 'Exclusive',
          InvoiceNumber: 'AFO-00001',
          Status: 'AUTHORISED',
        },
      ],
    })
  })

  it('invoices by numbers and statuses, with four decimals', async () => {
    await xero.invoices.list({ numbers: ['AFO-1', 'AFO-2'], statuses: ['PAID'], pageSize: 40 }, person)
    expect(Object.fromEntries(last().at.searchParams)).toEqual({
      InvoiceNumbers: 'AFO-1,AFO-2',
      Statuses: 'PAID',
      page: '1',
      unitdp: '4',
      pageSize: '40',
    })
  })

  it('a status without a key and without lines', async () => {
    answer = (_, response) => json(response, 200, { Invoices: [{ ...issued, Status: 'VOIDED' }] }, headers)
    const outcome = await xero.invoices.setStatus(id, 'VOIDED', { priority: 'person', idempotencyKey: 'k' })
    expect(outcome).toMatchObject({ kind: 'ok', value: { status: 'VOIDED' } })
    expect(last()).toMatchObject({ method: 'POST', body: '{"Invoices":[{"Status":"VOIDED"}]}' })
    expect(last().headers['idempotency-key']).toBeUndefined()
  })

  it('history, notes, items and settings', async () => {
    const bodies: Record<string, unknown> = {
      History: { HistoryRecords: [{ Details: 'Hello', DateUTC: '/Date(1552331430618+0000)/', ValidationErrors: [] }] },
      Items: {
        Items: [
          { ItemID: id, Code: 'LAB', SalesDetails: { UnitPrice: 95.1234, AccountCode: '200', TaxType: 'OUTPUT2' } },
        ],
      },
      Accounts: { Accounts: [{ AccountID: id, Code: '200', Type: 'REVENUE', Status: 'ACTIVE' }] },
      TaxRates: {
        TaxRates: [
          { Name: '15% GST', TaxType: 'OUTPUT2', Status: 'ACTIVE', EffectiveRate: 15, CanApplyToRevenue: true },
        ],
      },
      Organisation: {
        Organisations: [
          {
            Name: 'Demo',
            BaseCurrency: 'NZD',
            Timezone: 'NEWZEALANDSTANDARDTIME',
            PeriodLockDate: '/Date(1222732800000+0000)/',
          },
        ],
      },
      TrackingCategories: {
        TrackingCategories: [
          {
            TrackingCategoryID: id,
            Name: 'Region',
            Options: [{ TrackingOptionID: id, Name: 'North', Status: 'ACTIVE' }],
          },
        ],
      },
    }
    answer = ({ url }, response) =>
      json(response, 200, bodies[new URL(url, stub.url).pathname.split('/').at(-1) ?? ''], headers)
    expect(await xero.invoices.history(id, person)).toMatchObject({
      value: [{ details: 'Hello', dateUTC: '2019-03-11T19:10:30.618Z' }],
    })
    expect(await xero.invoices.addHistory(id, 'Hello', person)).toMatchObject({ value: { details: 'Hello' } })
    expect(JSON.parse(last().body)).toEqual({ HistoryRecords: [{ Details: 'Hello' }] })
    expect(await xero.items.list({}, person)).toMatchObject({
      value: [{ code: 'LAB', isSold: true, salesDetails: { unitPrice: '95.1234' } }],
    })
    expect(last().at.search).toBe('?unitdp=4')
    expect(await xero.accounts.list(person)).toMatchObject({ value: [{ code: '200' }] })
    expect(await xero.taxRates.list(person)).toMatchObject({
      value: [{ effectiveRate: '15', canApplyToRevenue: true }],
    })
    expect(await xero.organisation.get(person)).toMatchObject({
      value: { timezone: 'NEWZEALANDSTANDARDTIME', periodLockDate: '2008-09-30' },
    })
    expect(await xero.tracking.list(person)).toMatchObject({
      value: [{ name: 'Region', options: [{ name: 'North' }] }],
    })
  })

  it('nothing, where an amount can not be sent exactly', async () => {
    const inexact = { ...invoice, lineItems: [{ description: 'x', quantity: '12345678901234.1234', unitAmount: '1' }] }
    await expect(async () => xero.invoices.create([inexact], person)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'inexact-amount',
    })
    expect(stub.arrived).toHaveLength(0)
  })
})

describe('what may have happened', () => {
  it.each([
    [
      'a page of HTML with status 200',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    ['an empty 200', (_, response) => response.writeHead(200).end()],
    [
      'half a JSON',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"Invoices":['),
    ],
    ['a date that is none', (_, response) => json(response, 200, { Invoices: [{ ...issued, Date: '/Date(' }] })],
    ['a 500', (_, response) => json(response, 500, {})],
    ['a 503', (_, response) => response.writeHead(503).end('The Organisation is offline')],
    ['a redirect', (_, response) => response.writeHead(307, { location: '/elsewhere' }).end()],
    ['a cut connection', (_, response) => response.destroy()],
  ] satisfies [string, Answer][])(
    'after %s a create is unknown, a read unavailable',
    async (_, told) => {
      answer = told
      const write = await xero.invoices.create([invoice], { priority: 'invoice' })
      const read = await xero.invoices.list({}, person)
      expect(write.kind).toBe('unknown')
      expect(read.kind).toBe('unavailable')
      expect(stub.arrived).toHaveLength(2)
    },
    20_000,
  )

  it('after silence the same, by the abort of the call itself and not by the breaker that gives it up later', async () => {
    const aborted: Promise<unknown>[] = []
    answer = (_, response) => void aborted.push(once(response, 'close'))
    const write = await xero.invoices.create([invoice], { priority: 'invoice' })
    const read = await xero.invoices.list({}, person)
    expect(write).toEqual({ kind: 'unknown', reason: 'ETIMEDOUT' })
    expect(read).toMatchObject({ kind: 'unavailable', reason: 'ETIMEDOUT' })
    expect(await Promise.all(aborted)).toHaveLength(2)
  })

  it('is unknown when Xero answers for another invoice', async () => {
    answer = (_, response) => json(response, 200, { Invoices: [{ ...issued, InvoiceNumber: 'AFO-00002' }] })
    expect(await xero.invoices.create([invoice], { priority: 'invoice' })).toMatchObject({ kind: 'unknown' })
  })

  it('nothing, when nobody listens', async () => {
    await stub.close()
    expect(await xero.invoices.create([invoice], { priority: 'invoice' })).toMatchObject({
      kind: 'unavailable',
      reason: 'ECONNREFUSED',
    })
  })

  it('nothing, to an organisation that people have left: the token is forgotten', async () => {
    for (const now of ['another', null]) {
      inUse = now
      expect(await xero.invoices.create([invoice], person)).toMatchObject({ kind: 'unavailable', open: true })
    }
    expect(stub.arrived).toHaveLength(0)
    expect(tokens.forgotten).toBe(2)
  })

  it('nothing, when another organisation was chosen while the call waited for its turn', async () => {
    const { get } = tokens
    let asked = 0
    tokens.get = async () => ({ ...(await get()), ...(asked++ === 0 ? {} : { tenantId: 'another' }) })
    expect(await xero.invoices.create([invoice], person)).toMatchObject({ kind: 'unavailable', open: true })
    expect(stub.arrived).toHaveLength(0)
  })

  it('nothing, to another organisation than the same work called before', async () => {
    const other = `${tokens.tenantId}-other`
    await withContext({ correlationId: 'command-1' }, async () => {
      await xero.invoices.list({}, person)
      inUse = tokens.tenantId = other
      expect(await xero.invoices.create([invoice], person)).toMatchObject({ kind: 'unavailable', open: true })
      expect(stub.arrived).toHaveLength(1)
    })
    await withContext({ correlationId: 'command-1' }, () => xero.invoices.list({}, person))
    expect(stub.arrived).toHaveLength(2)
  })

  it('nothing, when Redis is gone: no call without the limiter', async () => {
    const lost = createXero({
      apiUrl: stub.url,
      tokens,
      inUse: async () => inUse,
      runScript: () => Promise.reject(Object.assign(new Error('gone'))),
      log: createLog('test', 'fatal'),
      registry: new Registry(),
      service: 'invoicing',
      scale: timeScale(20, false),
      record: async () => {},
    })
    await expect(lost.invoices.create([invoice], person)).rejects.toMatchObject({ kind: 'bug' })
    expect(stub.arrived).toHaveLength(0)
    await lost.close()
  })

  it('is unknown when the caller gives up after sending', async () => {
    const given = new AbortController()
    answer = () => given.abort()
    expect(await xero.invoices.create([invoice], { priority: 'invoice', signal: given.signal })).toEqual({
      kind: 'unknown',
      reason: 'cancelled',
    })
  })

  it('and was not done when the caller gave up before', async () => {
    expect(
      await xero.invoices.create([invoice], { priority: 'invoice', signal: AbortSignal.abort() }),
    ).not.toMatchObject({ kind: 'unknown' })
    expect(stub.arrived).toHaveLength(0)
  })
})

describe('connection and limits', () => {
  it('asks for another token once after a 401, and goes on', async () => {
    answer = (call, response) =>
      call.headers.authorization?.endsWith('-0')
        ? json(response, 401, { Detail: 'TokenExpired' }, headers)
        : json(response, 200, { Invoices: [issued] }, headers)
    expect(await xero.invoices.create([invoice], { priority: 'invoice', idempotencyKey: 'k' })).toMatchObject({
      kind: 'ok',
    })
    expect(tokens.rejected).toEqual([`${secret}-0`])
    expect(stub.arrived.map((call) => call.headers['idempotency-key'])).toEqual(['k', 'k'])
    expect(records.map((call) => call.status)).toEqual([401, 200])
  })

  it('asks twice and no more', async () => {
    answer = (_, response) => json(response, 401, { Detail: 'TokenExpired' }, headers)
    expect(await xero.items.list({}, person)).toMatchObject({ kind: 'unavailable' })
    expect(stub.arrived).toHaveLength(2)
  })

  it('reports once that Xero is not connected any more', async () => {
    answer = (_, response) =>
      json(response, 403, { Title: 'Forbidden', Status: 403, Detail: 'AuthenticationUnsuccessful' }, headers)
    expect(await xero.items.list({}, person)).toEqual({ kind: 'disconnected', reason: 'not-connected-at-xero' })
    expect(tokens.reported).toEqual([`tenant-${n} not-connected-at-xero`])
  })

  it('stops everyone on a 429 and shuts the gate', async () => {
    await xero.items.list({}, person)
    expect(await xero.gate()).toBe(true)
    answer = (_, response) =>
      response
        .writeHead(429, {
          'Retry-After': '26',
          'X-Rate-Limit-Problem': 'minute',
          'X-DayLimit-Remaining': '344',
          'X-MinLimit-Remaining': '0',
        })
        .end()
    expect(await xero.items.list({}, person)).toEqual({ kind: 'throttled', retryAfterMs: 26_000, reason: 'minute' })
    expect(await xero.items.list({}, person)).toMatchObject({ kind: 'throttled', reason: 'minute' })
    expect(stub.arrived).toHaveLength(2)
    await sleep(300)
    expect(await xero.gate()).toBe(false)
    expect((await readQuota(replica.runScript, `tenant-${n}`)).day.remaining).toBe(344)
  })

  it('opens the breaker on trouble, shuts the gate, and burns no attempt', async () => {
    answer = (_, response) => json(response, 503, {}, headers)
    for (let i = 0; i < 5; i++) await xero.items.list({}, person)
    expect(await xero.items.list({}, person)).toMatchObject({ kind: 'unavailable', open: true })
    expect(stub.arrived).toHaveLength(5)
    expect(await xero.gate()).toBe(false)
  })

  it('lets a person past its own crowd', async () => {
    answer = async (_, response) => {
      await sleep(30)
      json(response, 200, { Items: [], Contacts: [] }, headers)
    }
    const crowd = Array.from({ length: 30 }, () => xero.items.list({}, { priority: 'reconcile' }))
    await xero.contacts.list({}, person)
    expect(stub.arrived.findIndex((call) => call.url.includes('/Contacts'))).toBeLessThanOrEqual(1)
    await Promise.all(crowd)
    expect(stub.arrived).toHaveLength(31)
  })
})

describe('what is kept', () => {
  it('every call, its cost charged to the command, bodies of writes without personal data', async () => {
    answer = (_, response) =>
      json(response, 200, { Contacts: [{ ContactID: id, Name: 'A', EmailAddress: 'a@b.c' }] }, headers)
    await withContext({ correlationId: 'command-1' }, () =>
      xero.contacts.create([{ name: 'A', emailAddress: 'a@b.c' }], person),
    )
    await xero.contacts.list({}, person)
    expect(records).toMatchObject([
      {
        method: 'PUT',
        path: '/Contacts',
        endpoint: 'contacts',
        status: 200,
        outcome: 'ok',
        priority: 'person',
        service: 'invoicing',
        correlationId: 'command-1',
        xeroCorrelationId: 'c-1',
        dayRemaining: 900,
      },
      { method: 'GET', request: null, answer: null, correlationId: null },
    ])
    expect(records[0]?.request).toEqual({ contacts: [{ name: 'A', emailAddress: '[redacted]' }] })
    expect(records[0]?.answer).toMatchObject({ Contacts: [{ Name: 'A', EmailAddress: '[redacted]' }] })
    expect((await readQuota(replica.runScript, `tenant-${n}`)).spentToday.commands).toContainEqual({
      correlationId: 'command-1',
      calls: 1,
    })
    expect(await registry.metrics()).toContain('xero_calls_total{endpoint="contacts",outcome="ok"} 2')
  })
})
