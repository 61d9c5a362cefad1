import { randomBytes } from 'node:crypto'
import { processEnvironment } from '@afo/kit'
import { handledBy, type Report, tellStory, unexpectedCalls } from '@afo/sandbox/story'
import { type TestStack, testStack } from '@afo/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everythingWritten, leaks, secretsOf } from './support/canaries.js'
import { misfortunes } from './support/misfortunes.js'

/** The story, as `npm run demo` tells it, with three of the services that share work. */
describe('the whole job', () => {
  let stack: TestStack
  let report: Report
  const encryptionKey = randomBytes(32).toString('hex')

  beforeAll(async () => {
    stack = await testStack({
      replicas: { invoicing: 3, 'contact-sync': 3 },
      environment: { LOG_LEVEL: 'debug', ENCRYPTION_KEY: encryptionKey },
    })
    const { gatewayUrl, supabaseUrl, publishableKey, admin, xeroUrl, xeroApp } = stack.details()
    if (!publishableKey || !admin || !xeroApp) throw new Error('the stack has no admin or no sandbox')
    report = await tellStory({ gatewayUrl, supabaseUrl, publishableKey, admin, xeroUrl, xeroApp, say: () => undefined })
  }, 180_000)
  afterAll(() => stack?.close(), 60_000)

  test('both ledgers agree to the cent', () => {
    expect(report.problems).toEqual([])
    expect(report.ledger.ours).toEqual(report.ledger.xero)
  })

  test('every approved hour of a client whom Xero takes is billed, once', () => {
    expect(report.invoices.length).toBeGreaterThanOrEqual(10)
    expect(new Set(report.invoices.map(({ number }) => number)).size).toBe(report.invoices.length)
    expect(new Set(report.invoices.map(({ xeroInvoiceId }) => xeroInvoiceId)).size).toBe(report.invoices.length)
  })

  test('what was paid is Paid, what was due is Overdue, a part is not the whole', () => {
    expect(report.paymentStatus).toMatchObject({ Paid: 1, Overdue: 1, Unpaid: report.invoices.length - 2 })
  })

  test('the client with 300 characters is held back with a reason, its neighbours are not', () => {
    expect(report.held.map(({ why }) => why)).toContainEqual(expect.stringContaining('300 characters'))
    expect(report.contactsLinked).toBeGreaterThanOrEqual(report.clients - 3)
  })

  test("Xero's quota is spent like money", () => {
    expect(unexpectedCalls(report.xeroCallsByEndpoint)).toEqual([])
    // A note for each invoice, and nothing twice.
    expect(report.xeroCallsByEndpoint['PUT /Invoices/{id}/History']).toBe(report.invoices.length)
  })

  test.runIf(processEnvironment().XERO_OPENAPI)('every request and every answer is as Xero documents it', async () => {
    const found = await (await fetch(`${stack.details().xeroUrl}/_sandbox/violations`)).json()
    expect(found).toEqual({ checked: true, violations: [] })
  })

  test('three replicas share the work', async () => {
    const replicas = stack.details().processes.filter(({ name }) => name === 'invoicing')
    const handled = await Promise.all(
      replicas.map(({ healthUrl }) => handledBy(healthUrl.replace(/health$/, 'metrics'))),
    )
    expect(handled).toHaveLength(3)
    expect(handled.filter((count) => count > 0).length, `handled ${handled.join(', ')}`).toBeGreaterThanOrEqual(2)
    // Each invoice has its note, and each job its end: nobody handled what another had.
    expect(handled.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(report.invoices.length + 2)
  })

  test('no secret shows anywhere, whatever went wrong', async () => {
    const before = await secretsOf(stack, encryptionKey)
    const { adminToken, answers } = await misfortunes(stack.details())
    const secrets = new Map([...before, ...(await secretsOf(stack, encryptionKey))])
    expect([...secrets.values()].filter((secret) => secret.length < 24)).toEqual([])
    expect(secrets.size).toBeGreaterThanOrEqual(5 + 3 + 3)
    const written = [...(await everythingWritten(stack, adminToken)), { where: 'answers', text: answers.join('\n') }]
    expect(written.length).toBeGreaterThan(80)
    expect(leaks(secrets, written)).toEqual([])
    // The search finds what is there: the address of each place, in each spelling.
    const needle = new Map([['needle', 'a-needle-of-more-than-24-characters']])
    const hay = ['', 'Bearer ', 'id:'].map((text) => ({
      where: 'hay',
      text: Buffer.from(`${text}${needle.get('needle')}`).toString('base64'),
    }))
    expect(leaks(needle, hay)).toHaveLength(3)
  }, 60_000)
})
