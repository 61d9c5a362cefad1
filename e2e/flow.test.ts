import { processEnvironment } from '@afo/kit'
import { handledBy, type Report, tellStory } from '@afo/sandbox/story'
import { type TestStack, testStack } from '@afo/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** The story, as `npm run demo` tells it, with three of the services that share work. */
describe('the whole job', () => {
  let stack: TestStack
  let report: Report

  beforeAll(async () => {
    stack = await testStack({ replicas: { invoicing: 3, 'contact-sync': 3 } })
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
    const calls = report.xeroCallsByEndpoint
    const count = (pattern: RegExp) =>
      Object.entries(calls).reduce((sum, [name, n]) => sum + (pattern.test(name) ? n : 0), 0)
    expect(count(/^(PUT|POST) \/Contacts/)).toBeLessThanOrEqual(2)
    // The read, and what webhooks tell of our own writes before their answers are written down.
    expect(count(/^GET \/Contacts/)).toBeLessThanOrEqual(4)
    expect(count(/Items/)).toBe(1)
    expect(count(/^(PUT|POST) \/Invoices/)).toBeLessThanOrEqual(2 * report.invoices.length)
    expect(count(/^GET \/(Organisation|Accounts|TaxRates|TrackingCategories)/)).toBeLessThanOrEqual(8)
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
})
