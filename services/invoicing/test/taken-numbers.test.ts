import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Company, company } from './company.js'

// Invoices whose number is that of a stranger's document in Xero. A minute is a second here.
let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 60 })
})
afterAll(() => it?.rig.close())
beforeEach(() => it.clear())

async function nextNumber() {
  const [next] = await it.rig.sql<{ number: string }>(
    "select sync_invoice_number('AFO-', 5, sync_invoice_series_next('AFO-', 1)) as number",
  )
  return next?.number
}

const stranger = async () => {
  const number = await nextNumber()
  it.rig.xero.control.person().createInvoice({
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    InvoiceNumber: number,
    Contact: { ContactID: it.rig.xero.control.person().createContact({ Name: `Stranger ${number}` }).ContactID },
    DueDate: '2026-12-31',
    LineItems: [{ Description: 'X', Quantity: 1, UnitAmount: 1, AccountCode: '200' }],
  })
  return number
}

test('plainly refused: the hours are free, the number is spent, the next claim takes the next', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  const number = await stranger()
  expect(await it.create()).toMatchObject({ result: { refused: 1, held: [{ code: 'AFO-415' }] } })
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  expect(await it.create()).toMatchObject({ result: { issued: 1 } })
  expect(await it.invoices()).toMatchObject([
    { number, state: 'refused', spent: expect.stringContaining('taken in Xero by') },
    { state: 'issued' },
  ])
  expect(await it.failures()).toEqual([])
})

test('after a lost answer nobody can tell: held for a person, nothing billed anew', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  it.rig.xero.control.addFault({ kind: 'reset-after-commit', match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  it.rig.xero.control.addFault({ kind: 'error-503', times: 4, match: { method: 'GET', path: '/Invoices' } })
  const number = await nextNumber()
  const running = it.create()
  const mine = await it.rig.until('the document', () => it.documents().find((d) => d.InvoiceNumber === number))
  it.rig.xero.control.person().editInvoice(mine.InvoiceID, { Reference: 'Edited' })
  await running
  await it.rig.until('the verdict', async () => (await it.failures()).some((f) => f.code === 'AFO-415'), 40_000)
  expect(await it.invoices()).toMatchObject([{ number, state: 'unknown' }])
  // Of the two doubts only the one that holds now.
  expect((await it.failures()).map(({ code }) => code)).toEqual(['AFO-415'])
  expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 0, held: [{ code: 'AFO-413' }] } })
})

test("last month's invoice of the same work is not ours: nothing is adopted; given up, the hours are billed", async () => {
  const { costCenterId, contactId } = await it.job({ sheets: [{ hours: '1' }] })
  const number = await nextNumber()
  const alike = it.rig.xero.control.person().createInvoice({
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    InvoiceNumber: number,
    Reference: 'PO-1',
    Contact: { ContactID: contactId },
    Date: '2026-10-01',
    DueDate: '2026-10-15',
    LineItems: [{ Description: 'X', Quantity: 1, UnitAmount: 95.5, AccountCode: '200', TaxType: 'OUTPUT2' }],
  })
  expect(await it.create()).toMatchObject({ result: { issued: 0, pending: 1 } })
  const [invoice] = await it.invoices()
  expect([invoice, alike.Total]).toMatchObject([{ number, state: 'unknown', total: '109.83' }, '109.83'])
  expect(await it.failures()).toMatchObject([{ code: 'AFO-415', message: expect.stringContaining('2026-10-01') }])

  const giveUp = () => it.rig.run('invoices.void', { invoiceId: invoice?.id })
  expect(await giveUp()).toMatchObject({ state: 'failed', problem: { code: 'AFO-416' } })
  await it.sentAgo(60)
  expect(await giveUp()).toMatchObject({ state: 'done', result: { number } })
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  expect(await it.create()).toMatchObject({ result: { issued: 1 } })
  expect((await it.invoices()).map(({ state }) => state)).toEqual(['refused', 'issued'])
  expect((await it.inXero()).map(({ Status }) => Status)).toEqual(['AUTHORISED', 'AUTHORISED'])
  expect(await it.failures()).toEqual([])
})
