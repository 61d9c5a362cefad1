import { processEnvironment, Registry, timeScale } from '@afo/kit'
import { connectApp, type SandboxApp, startXero, type XeroSandbox } from '@afo/sandbox/xero'
import { quiet, redisScripts, type TestRedis, testRedis } from '@afo/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CallOptions, createXero, expectOk, type InvoiceWrite, type TokenSource, type Xero } from '../src/index.js'
import { accountingApi } from '../src/sdk.js'

// The whole library against the Xero that behaves like Xero: consent, token, limits, and the wire form of Xero's document where it is at hand.
const factor = 20
const openapi = processEnvironment().XERO_OPENAPI
const app: SandboxApp = {
  clientId: 'A'.repeat(32),
  clientSecret: 'secret',
  redirectUris: ['http://localhost/callback'],
}
const person: CallOptions = { priority: 'person' }

let redis: TestRedis
let sandbox: XeroSandbox
let tokens: TokenSource
let reported: string[]
let xero: Xero
const replicas: { xero: Xero; close(): Promise<void> }[] = []

async function replica(): Promise<Xero> {
  const { runScript, close } = await redisScripts(redis.url)
  const scale = timeScale(factor, false)
  const xero = createXero({
    apiUrl: sandbox.url,
    tokens,
    inUse: async () => sandbox.control.organisations()[0]?.OrganisationID ?? null,
    runScript,
    log: quiet,
    registry: new Registry(),
    service: 'test',
    scale,
    record: async () => {},
  })
  replicas.push({ xero, close })
  return xero
}

beforeAll(async () => {
  redis = await testRedis()
  sandbox = await startXero({ apps: [app], timeScale: factor, ...(openapi ? { openapi } : {}) })
  const { access_token: accessToken } = await connectApp(sandbox.url, app)
  const tenantId = sandbox.control.organisations()[0]?.OrganisationID ?? ''
  reported = []
  tokens = {
    get: async () => ({ accessToken, tenantId, tenantName: 'Demo', expiresAt: '2099-01-01T00:00:00Z' }),
    forget: () => {},
    reject: () => {},
    reportDisconnected: async (_token, _tenant, reason) => void reported.push(reason),
  }
  xero = await replica()
})
afterAll(async () => {
  for (const { xero, close } of replicas) {
    await xero.close()
    await close()
  }
  await sandbox.close()
  await redis.close()
})

const invoiceFor = (contactID: string, invoiceNumber: string): InvoiceWrite => ({
  invoiceNumber,
  contact: { contactID },
  date: '2026-09-14',
  dueDate: '2026-09-28',
  status: 'AUTHORISED',
  lineItems: [
    { description: 'Labour', quantity: '0.3333', unitAmount: '95.1234', accountCode: '200' },
    { description: 'Travel', quantity: '7.25', unitAmount: '80', accountCode: '200' },
  ],
})
const aContact = async () => {
  const { items } = expectOk(await xero.contacts.list({ pageSize: 1 }, person))
  return items[0]?.contactID ?? ''
}

it('reads the settings', async () => {
  expect(expectOk(await xero.organisation.get(person))).toMatchObject({ baseCurrency: 'NZD' })
  expect(expectOk(await xero.accounts.list(person)).map((a) => a.code)).toContain('200')
  expect(expectOk(await xero.taxRates.list(person)).some((t) => t.canApplyToRevenue && t.status === 'ACTIVE')).toBe(
    true,
  )
  expect(expectOk(await xero.tracking.list(person)).length).toBeGreaterThan(0)
  expect(expectOk(await xero.items.list({}, person)).length).toBeGreaterThan(20)
})

it('pages through contacts and reads only what changed', async () => {
  const one = expectOk(await xero.contacts.list({ page: 1, pageSize: 25 }, person))
  expect(one.pageCount).toBeGreaterThan(1)
  const two = expectOk(await xero.contacts.list({ page: 2, pageSize: 25 }, person))
  const ids = [...one.items, ...two.items].map((c) => c.contactID)
  expect(new Set(ids).size).toBe(ids.length)
  const later = new Date(Date.now() + 86_400_000).toISOString()
  expect(expectOk(await xero.contacts.list({ modifiedSince: later }, person)).items).toEqual([])
})

it('writes contacts: each its own result, found again by number, null where there is none', async () => {
  const results = expectOk(
    await xero.contacts.create(
      [
        { name: "O'Brien & Søn", contactNumber: 'client-1', emailAddress: 'a@example.com' },
        { name: 'Bad email', emailAddress: 'nope' },
      ],
      person,
    ),
  )
  expect(results).toMatchObject([{ ok: true }, { ok: false, messages: ['Email address must be valid.'] }])
  const created = results[0]?.ok ? results[0].value : undefined
  expect(expectOk(await xero.contacts.get('client-1', person))).toMatchObject({
    contactID: created?.contactID,
    name: "O'Brien & Søn",
  })
  const [again] = expectOk(await xero.contacts.create([{ name: "O'BRIEN & SØN" }], person))
  expect(again?.ok).toBe(false)
  const contactID = created?.contactID ?? ''
  const [updated] = expectOk(
    await xero.contacts.upsert(
      [{ contactID, emailAddress: '', phones: [{ phoneType: 'MOBILE', phoneNumber: '021 1' }] }],
      person,
    ),
  )
  expect(updated).toMatchObject({ ok: true, value: { name: "O'Brien & Søn", emailAddress: null } })
  expect(expectOk(await xero.contacts.get('no-such-number', person))).toBeNull()
})

it('writes an invoice with four decimals, once', async () => {
  const contactID = await aContact()
  const [result] = expectOk(
    await xero.invoices.create([invoiceFor(contactID, 'T-1')], { priority: 'invoice', idempotencyKey: 'k-1' }),
  )
  // 0.3333 x 95.1234 = 31.70463 -> 31.70; 7.25 x 80 = 580.00
  expect(result).toMatchObject({ ok: true, value: { invoiceNumber: 'T-1', subTotal: '611.7', date: '2026-09-14' } })
  const [replayed] = expectOk(
    await xero.invoices.create([invoiceFor(contactID, 'T-1')], { priority: 'invoice', idempotencyKey: 'k-1' }),
  )
  expect(replayed).toEqual(result)
  const [twin] = expectOk(await xero.invoices.create([invoiceFor(contactID, 'T-1')], { priority: 'invoice' }))
  expect(twin).toMatchObject({ ok: false, messages: ['Invoice # must be unique.'] })

  const { items } = expectOk(await xero.invoices.list({ numbers: ['T-1'] }, person))
  expect(items).toHaveLength(1)
  expect(items[0]?.lineItems[0]).toMatchObject({ quantity: '0.3333', unitAmount: '95.1234', lineAmount: '31.7' })
})

it('notes, voids, and hears why not', async () => {
  const [result] = expectOk(await xero.invoices.create([invoiceFor(await aContact(), 'T-2')], { priority: 'invoice' }))
  const id = result?.ok ? result.value.invoiceID : ''
  expectOk(await xero.invoices.addHistory(id, 'Timesheets 1 to 9', person))
  expect(expectOk(await xero.invoices.history(id, person)).map((n) => n.details)).toContain('Timesheets 1 to 9')
  expect(await xero.invoices.setStatus(id, 'DELETED', person)).toMatchObject({
    kind: 'rejected',
    status: 400,
    problem: { validation: ['Invoice not of valid status for modification'] },
  })
  expect(expectOk(await xero.invoices.setStatus(id, 'VOIDED', person)).status).toBe('VOIDED')
})

it.each(['reset-after-commit', 'garbage-200-after-commit', 'error-500-after-commit'] as const)(
  '%s: unknown, and found by its number',
  async (kind) => {
    const invoice = invoiceFor(await aContact(), `U-${kind}`)
    sandbox.control.addFault({ kind, match: { method: 'PUT', path: '/Invoices' } })
    expect(await xero.invoices.create([invoice], { priority: 'invoice', idempotencyKey: kind })).toMatchObject({
      kind: 'unknown',
    })
    expect(expectOk(await xero.invoices.list({ numbers: [invoice.invoiceNumber] }, person)).items).toHaveLength(1)
  },
)

it('four replicas in a rush are never refused: 60 in any minute, 5 at once', async () => {
  sandbox.control.clearCalls()
  const others = [await replica(), await replica(), await replica(), xero]
  const rush = others.flatMap((one) => Array.from({ length: 35 }, () => one.organisation.get({ priority: 'schedule' })))
  const kinds = (await Promise.all(rush)).map((outcome) => outcome.kind)
  expect(kinds).toContain('ok')
  expect(kinds.every((kind) => kind === 'ok' || kind === 'throttled')).toBe(true)
  const calls = sandbox.control.calls()
  expect(calls.filter((call) => call.status === 429)).toEqual([])
  expect(Math.max(...calls.map((call) => call.concurrent))).toBeLessThanOrEqual(5)
  expect(calls.length).toBeGreaterThan(20)
}, 30_000)

it("reads what the SDK's own models read", async () => {
  const { items } = expectOk(await retried(() => xero.invoices.list({ numbers: ['T-1'] }, person)))
  const { accessToken, tenantId } = await tokens.get()
  // The SDK alone knows no limiter, and the rush before may have used the minute up.
  sandbox.control.setLimits({ enabled: false })
  const sdk = accountingApi(sandbox.url)
  sdk.accessToken = accessToken
  const model = (await sdk.getInvoice(tenantId, 'T-1', 4)).body.invoices?.[0]
  expect(new Date(model?.dueDate ?? '').toISOString().slice(0, 10)).toBe(items[0]?.dueDate)
  expect(model?.lineItems?.map((l) => String(l.unitAmount))).toEqual(items[0]?.lineItems.map((l) => l.unitAmount))
  expect(String(model?.total)).toBe(items[0]?.total)
})

it('learns of a disconnection inside Xero', async () => {
  sandbox.control.disconnect()
  const outcome = await retried(() => xero.organisation.get(person))
  expect(outcome).toEqual({ kind: 'disconnected', reason: 'not-connected-at-xero' })
  expect(reported).toEqual(['not-connected-at-xero'])
})

it.runIf(openapi)("never asks what Xero's document doesn't know", () => {
  expect(sandbox.control.violations()?.filter(({ side }) => side === 'request')).toEqual([])
})

/** The rush has used the minute up: until there is a turn again. */
async function retried<T extends { kind: string }>(call: () => Promise<T>): Promise<T> {
  const outcome = await call()
  return outcome.kind === 'throttled' ? retried(call) : outcome
}
