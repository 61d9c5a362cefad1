import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Company, company } from './company.js'

let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 60 })
})
afterAll(() => it?.rig.close())
beforeEach(() => it.clear())

test('a voided invoice frees its hours; the next one takes a new number', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create({ costCenterId })
  await it.settled()
  const [invoice] = await it.invoices()
  const { id, state } = await it.rig.run('invoices.void', { invoiceId: invoice?.id })
  expect(state).toBe('done')
  // Who asked is a person, not a command.
  expect(
    await it.rig.sql(
      'select i.voided_by = c.asked_by as theirs from invoices i, commands c where i.id = $1 and c.id = $2',
      [invoice?.id as string, id],
    ),
  ).toEqual([{ theirs: true }])
  expect(it.documents().find((d) => d.InvoiceID === invoice?.xeroInvoiceId)?.Status).toBe('VOIDED')
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  await it.create({ costCenterId })
  const rows = await it.invoices()
  expect(rows.map((r) => r.state)).toEqual(['voided', 'issued'])
  expect(rows[0]?.number).not.toBe(rows[1]?.number)
})

test('an invoice that Xero no longer knows is voided here when a person asks: its hours are free', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create({ costCenterId })
  await it.settled()
  await it.rig.sql('update invoices set xero_invoice_id = $1', [crypto.randomUUID()])
  const [invoice] = await it.invoices()
  expect((await it.rig.run('invoices.void', { invoiceId: invoice?.id })).state).toBe('done')
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
})

test('Xero refuses to void what has a payment, and its words are told', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create({ costCenterId })
  const [invoice] = await it.invoices()
  it.rig.xero.control.person().pay(invoice?.xeroInvoiceId ?? '', { amount: '1.00' })
  expect(await it.rig.run('invoices.void', { invoiceId: invoice?.id })).toMatchObject({
    state: 'failed',
    problem: { detail: expect.stringContaining('payments') },
  })
  expect((await it.invoices())[0]?.state).toBe('issued')
})

/** As if the answer to its only request had been lost an hour ago, which is a minute here; the next look by itself is far away. */
const inDoubt = async (number: string | null | undefined) => {
  await it.rig.sql(
    `update invoices set state = 'unknown', xero_invoice_id = null, number = $1, sent_at = now() - interval '1 minute', wait_until = now() + interval '1 hour'`,
    [number ?? ''],
  )
  await it.rig.sql('update timesheets set invoiced = false')
}

test('in doubt and given up, while Xero has it after all: it is taken over, and voided there', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create()
  await it.settled()
  const [invoice] = await it.invoices()
  await inDoubt(invoice?.number)
  expect(await it.rig.run('invoices.void', { invoiceId: invoice?.id })).toMatchObject({ state: 'done' })
  expect(await it.invoices()).toMatchObject([{ state: 'voided', xeroInvoiceId: invoice?.xeroInvoiceId }])
  expect(it.documents().find((d) => d.InvoiceID === invoice?.xeroInvoiceId)?.Status).toBe('VOIDED')
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
})

test('in doubt and given up, and Xero never had it: the hours are free, the number is taken again', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create()
  await it.settled()
  const [invoice] = await it.invoices()
  const number = `AFO-9${String(invoice?.number).slice(-4)}`
  await inDoubt(number)
  await it.rig.sql('select sync_failures_record($1)', [
    JSON.stringify([{ entity: 'invoice', entityId: invoice?.id, code: 'AFO-416', message: 'The answer was lost' }]),
  ])
  expect(await it.rig.run('invoices.void', { invoiceId: invoice?.id })).toMatchObject({ state: 'done' })
  expect(await it.invoices()).toMatchObject([{ number, state: 'refused', spent: null }])
  // Somebody decided, so there is nothing left to look at; that it was a person is told where all is told.
  expect(await it.failures()).toEqual([])
  expect(
    await it.rig.sql("select actor, details ->> 'number' as number from audit_log where action = 'invoice.given-up'"),
  ).toEqual([{ actor: 'test', number }])
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 1 } })
  expect(await it.invoices()).toMatchObject([{ number, state: 'issued' }])
})

test('in doubt in another organisation and given up: this one is not asked, and the number is not used again', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create()
  await it.settled()
  const [invoice] = await it.invoices()
  await inDoubt(invoice?.number)
  await it.rig.sql("update invoices set sent_tenant = 'the one before'")
  it.rig.xero.control.clearCalls()
  expect(await it.rig.run('invoices.void', { invoiceId: invoice?.id })).toMatchObject({ state: 'done' })
  expect(it.rig.xero.control.callsByEndpoint()).toEqual({})
  expect(await it.invoices()).toMatchObject([{ state: 'refused', spent: 'sent to another organisation' }])
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  await it.create({ costCenterId })
  expect((await it.invoices()).map(({ state }) => state)).toEqual(['refused', 'issued'])
})
