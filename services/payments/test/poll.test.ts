import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Office, openOffice } from './office.js'

let office: Office
let rig: Office['rig']
let person: Office['person']
let inXero: Office['inXero']
let issued: Office['issued']
let poll: Office['poll']
beforeAll(async () => {
  office = await openOffice()
  ;({ rig, person, inXero, issued, poll } = office)
})
afterAll(() => office?.rig.close())
beforeEach(() => office.clear())

const row = async (id: string) => {
  const [found] = await rig.sql(
    `select state, payment_status as status, amount_due::text as due, amount_paid::text as paid, amount_credited::text as credited,
       fully_paid_on::text as "fullyPaidOn", payment_remark as remark, xero_status as "xeroStatus", due_on::text as "dueOn" from invoices where id = $1`,
    [id],
  )
  return found
}
const facts = (id: string) =>
  rig.said.flatMap((m) =>
    m.key === id && (m.name === 'invoice.paid' || m.name === 'invoice.voided')
      ? [m.name === 'invoice.paid' ? m.body.paymentStatus : 'voided']
      : [],
  )

test('paid, part-paid and overdue come back in one call; each change is said once', async () => {
  const [paid, part, late] = [await issued(), await issued(), await issued({ dueOn: '2026-11-02' })]
  person().pay(paid.xeroId, { amount: '115.00', date: '2026-11-20' })
  person().pay(part.xeroId, { amount: '15.00', date: '2026-11-20' })
  rig.xero.control.clearCalls()
  expect(await poll()).toMatchObject({ state: 'done', result: { open: 3, changed: 3, failed: 0 } })
  expect(await row(paid.id)).toMatchObject({ status: 'Paid', due: '0.00', paid: '115.00', fullyPaidOn: '2026-11-20' })
  expect(await row(part.id)).toMatchObject({ status: 'Unpaid', due: '100.00', paid: '15.00', fullyPaidOn: null })
  expect(await row(late.id)).toMatchObject({ status: 'Overdue', due: '115.00' })
  expect(rig.xero.control.callsByEndpoint()).toEqual({ 'GET /Invoices': 1, 'GET /Organisation': 1 })
  expect(await poll()).toMatchObject({ result: { open: 2, changed: 0 } })
  await rig.until('the facts', () => facts(late.id).length > 0)
  expect([facts(paid.id), facts(part.id), facts(late.id)]).toEqual([['Paid'], [], ['Overdue']])
})

test('a credit note that settles it is Paid, with a remark', async () => {
  const { id, xeroId } = await issued()
  person().credit(xeroId, {})
  await poll()
  expect(await row(id)).toMatchObject({
    status: 'Paid',
    paid: '0.00',
    credited: '115.00',
    remark: 'Settled by a credit',
  })
})

test('a payment taken back is Unpaid again with the next poll, for the one call that every poll costs', async () => {
  const { id, xeroId } = await issued()
  const payment = person().pay(xeroId, { amount: '115.00' })
  await poll()
  person().removePayment(payment.PaymentID)
  rig.xero.control.clearCalls()
  await poll()
  expect(rig.xero.control.callsByEndpoint()).toEqual({ 'GET /Invoices': 1 })
  expect(await row(id)).toMatchObject({ status: 'Unpaid', due: '115.00' })
  await rig.until('the facts', () => facts(id).length === 2)
  expect(facts(id)).toEqual(['Paid', 'Unpaid'])
})

test('paid, its payment taken back, voided, while others are open: the next poll frees its hours', async () => {
  const [mine, other] = [await issued(), await issued()]
  const payment = person().pay(mine.xeroId, { amount: '115.00' })
  await poll()
  expect(await row(mine.id)).toMatchObject({ status: 'Paid' })
  person().removePayment(payment.PaymentID)
  person().editInvoice(mine.xeroId, { Status: 'VOIDED' })
  rig.xero.control.clearCalls()
  await poll()
  expect(rig.xero.control.callsByEndpoint()).toEqual({ 'GET /Invoices': 1 })
  expect(await row(mine.id)).toMatchObject({ state: 'voided', xeroStatus: 'VOIDED' })
  expect(await row(other.id)).toMatchObject({ state: 'issued', status: 'Unpaid' })
  expect(await rig.sql('select invoiced from timesheets where invoice_id is null')).toEqual([{ invoiced: false }])
})

test('a first poll with nothing open asks nothing; what is taken back after it is found', async () => {
  const { id, xeroId } = await issued()
  const payment = person().pay(xeroId, { amount: '115.00' })
  await rig.send({ name: 'payments.check', key: 'c', body: { xeroInvoiceIds: [xeroId] } })
  await rig.until('the payment', async () => (await row(id))?.status === 'Paid')
  rig.xero.control.clearCalls()
  await poll()
  expect(rig.xero.control.callsByEndpoint()['GET /Invoices']).toBeUndefined()
  person().removePayment(payment.PaymentID)
  await poll()
  expect(await row(id)).toMatchObject({ status: 'Unpaid', due: '115.00' })
})

test('voided in Xero: the timesheets are free, said once', async () => {
  const { id, xeroId } = await issued()
  person().editInvoice(xeroId, { Status: 'VOIDED' })
  await poll()
  expect(await row(id)).toMatchObject({ state: 'voided', xeroStatus: 'VOIDED' })
  expect(await rig.sql('select invoiced, invoice_id from timesheets')).toEqual([{ invoiced: false, invoice_id: null }])
  await poll()
  await rig.until('the fact', () => facts(id).length > 0)
  expect(facts(id)).toEqual(['voided'])
})

test('an invoice that Xero no longer has is told, and nothing else changes', async () => {
  const { id } = await issued()
  await rig.sql('update invoices set xero_invoice_id = $1 where id = $2', [randomUUID(), id])
  expect(await poll()).toMatchObject({ result: { missing: 1, failed: 1 } })
  expect(await row(id)).toMatchObject({ state: 'issued', status: 'Unpaid' })
  expect(await rig.sql('select code from xero_failures')).toEqual([{ code: 'AFO-501' }])
})

test('a webhook reads what is ours, and nothing where nothing is', async () => {
  const { id, xeroId } = await issued()
  person().pay(xeroId, { amount: '115.00' })
  await poll()
  rig.xero.control.clearCalls()
  const other = await issued()
  await rig.send({ name: 'payments.check', key: 'a', body: { xeroInvoiceIds: [randomUUID()] } })
  person().pay(other.xeroId, { amount: '115.00' })
  await rig.send({ name: 'payments.check', key: 'b', body: { xeroInvoiceIds: [randomUUID(), other.xeroId] } })
  await rig.until('the payment', async () => (await row(other.id))?.status === 'Paid')
  expect(rig.xero.control.callsByEndpoint()).toEqual({ 'GET /Invoices': 1 })
  expect(await row(id)).toMatchObject({ status: 'Paid' })
})

test('overdue by the calendar of the organisation, and without a call; a draft never, nor one of an organisation that was left', async () => {
  const { id } = await issued()
  const [draft, left] = [await issued(), await issued()]
  await rig.sql("update invoices set due_on = (now() at time zone 'Pacific/Kiritimati')::date - 1 where id = $1", [id])
  await rig.sql("update invoices set payment_status = 'Paid' where id <> $1", [id])
  rig.xero.control.setOrganisation({ Timezone: 'LINEISLANDSSTANDARDTIME' })
  for (let n = 0; n < 41; n++) await issued()
  await rig.sql(
    "update invoices set payment_status = 'Unpaid', xero_updated_at = now() + interval '1 day' where id = $1",
    [id],
  )
  await rig.sql(
    "update invoices set xero_status = 'DRAFT', payment_status = 'Unpaid', due_on = '2026-01-01', xero_updated_at = now() + interval '1 day' where id = $1",
    [draft.id],
  )
  await rig.sql(
    "update invoices set xero_invoice_id = null, payment_status = 'Unpaid', due_on = '2026-01-01' where id = $1",
    [left.id],
  )
  expect(await poll()).toMatchObject({ result: { open: 43 } })
  expect(await row(id)).toMatchObject({ status: 'Overdue' })
  expect(await row(left.id)).toMatchObject({ status: 'Unpaid' })
  expect(await row(draft.id)).toMatchObject({ status: 'Unpaid', dueOn: '2026-01-01' })
})

test('many open: one call when nothing changed, however many there are; 40 of them a call when each is asked for', {
  timeout: Number(process.env.TIMEOUT_MS ?? 60_000),
}, async () => {
  const open = Number(process.env.OPEN ?? 45)
  const documents = Array.from({ length: open }, (_, n) => ({ id: randomUUID(), number: `M-${n}` })).map((one) => ({
    ...one,
    xeroId: inXero(one.number).InvoiceID,
  }))
  await rig.sql(
    `insert into invoices (id, number, state, total, net, tax, xero_total, xero_invoice_id, xero_status, payment_status, amount_due, amount_paid, amount_credited,
       due_on, sent_at) select id::uuid, number, 'issued', 115, 100, 15, 115, "xeroId", 'AUTHORISED', 'Unpaid', 115, 0, 0, '2099-01-01', now()
     from jsonb_to_recordset($1::text::jsonb) as x (id text, number text, "xeroId" text)`,
    [JSON.stringify(documents)],
  )
  const cost = async (body: object) => {
    rig.xero.control.clearCalls()
    expect(await poll(body)).toMatchObject({ state: 'done', result: { open } })
    return rig.xero.control.callsByEndpoint()['GET /Invoices'] ?? 0
  }
  const [full, first] = [await cost({ full: true }), await cost({})]
  await rig.sql(
    `update xero_cursors set value = jsonb_build_object('since', to_char(now() at time zone 'utc' + interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))`,
  )
  const nothing = await cost({})
  if (process.env.OPEN) console.log(open, 'open:', { full, first, nothing })
  expect(full).toBe(Math.ceil(open / 40))
  expect(first).toBeLessThanOrEqual(Math.ceil(rig.xero.control.ledger().invoices.length / 1_000) + 1)
  expect(nothing).toBe(1)
})

test('what changed is read newest first, from when Xero said it was then, whatever our clock says', async () => {
  for (let n = 0; n < 41; n++) await issued()
  rig.xero.control.moveClock({ advanceMs: 7_200_000 })
  rig.xero.control.clearCalls()
  await poll()
  expect(rig.xero.control.calls().map(({ path }) => decodeURIComponent(path))).toEqual(
    expect.arrayContaining([expect.stringMatching(/order=UpdatedDateUTC[ +]DESC/)]),
  )
  const [cursor] = await rig.sql<{ since: string }>("select value ->> 'since' as since from xero_cursors")
  expect(Math.abs(Date.parse(cursor?.since ?? '') - rig.xero.control.world.clock.now())).toBeLessThan(60_000)
})

test('a crash between commit and saying: the next poll says it, under one id', async () => {
  const { id, xeroId } = await issued()
  person().pay(xeroId, { amount: '115.00' })
  await rig.sql("update invoices set payment_status = 'Paid', changes = 1 where id = $1", [id])
  await poll()
  await rig.until('the fact', () => facts(id).length > 0)
  expect(facts(id)).toEqual(['Paid'])
  await poll()
  expect(await rig.sql('select changes, changes_said from invoices where id = $1', [id])).toEqual([
    { changes: 1, changes_said: 1 },
  ])
})

test('a reading of the organisation before does not set the time since when the next one is read', async () => {
  await issued()
  const { met, letGo } = rig.hold({ match: { method: 'GET', path: '/Invoices' } })
  const running = rig.run('payments.poll')
  await rig.until('the call', () => met() === 1)
  await rig.sql("update xero_tokens set tenant_id = 'another'")
  letGo()
  expect((await running).state).toBe('done')
  expect(await rig.sql('select name from xero_cursors')).toEqual([])
  await rig.sql('update xero_tokens set tenant_id = $1', [office.tenantId])
  await rig.run('payments.poll')
  expect(await rig.sql('select name from xero_cursors')).toEqual([{ name: 'payments.changed' }])
})
