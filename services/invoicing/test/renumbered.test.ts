import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Company, company } from './company.js'

// What a person did in Xero to a document of ours whose answer was lost. A minute is a second here.
let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 60 })
})
afterAll(() => it?.rig.close())
beforeEach(() => it.clear())

test('given another number in Xero while nobody could look: not sent again, and adopted once it has ours back', async () => {
  await it.job({ sheets: [{ hours: '1' }] })
  it.rig.xero.control.addFault({ kind: 'reset-after-commit', match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  it.rig.xero.control.addFault({ kind: 'error-503', times: 0, match: { method: 'GET', path: '/Invoices' } })
  const running = it.create()
  const mine = await it.rig.until('the document', async () => (await it.inXero())[0])
  const renumber = (InvoiceNumber: string) =>
    it.rig.xero.control.person().editInvoice(mine.InvoiceID, { InvoiceNumber })
  // A number of ours that was refused is free in Xero, and no sign of whose the document is.
  await it.rig.sql("insert into invoices (number, state, number_spent) values ('OFFICE-7', 'refused', 'not sent')")
  renumber('OFFICE-7')
  // The key is dead by the time that Xero can be asked: two looks later, nobody is left who took the invoice while it lived.
  await it.sentAgo(60)
  const looks = () => it.rig.xero.control.callsByEndpoint()['GET /Invoices'] ?? 0
  const before = looks()
  await it.rig.until('two looks', () => looks() >= before + 2)
  it.rig.xero.control.clearFaults()
  expect(await running).toMatchObject({ result: { issued: 0, pending: 1 } })
  expect(await it.invoices()).toMatchObject([{ state: 'unknown' }, { number: 'OFFICE-7', state: 'refused' }])
  expect(await it.failures()).toMatchObject([{ code: 'AFO-415', message: expect.stringContaining('OFFICE-7') }])
  renumber(mine.InvoiceNumber)
  await it.sentAgo(60)
  await it.settled()
  expect(await it.inXero()).toHaveLength(1)
  expect(it.rig.xero.control.callsByEndpoint()).toMatchObject({ 'PUT /Invoices': 1 })
})

test('another invoice like it, which is ours as well, holds it up no longer', async () => {
  const job = await it.job({ sheets: [{ hours: '1' }] })
  await it.create()
  await it.sheet(job.costCenterId, { hours: '1' })
  it.rig.xero.control.addFault({ kind: 'reset-before', times: 2, match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  expect(await it.create()).toMatchObject({ result: { pending: 1 } })
  await it.sentAgo(60)
  await it.settled()
  expect(await it.inXero()).toHaveLength(2)
})
