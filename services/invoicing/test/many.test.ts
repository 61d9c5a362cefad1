import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, company } from './company.js'

// Time runs only a little faster here: on a busy machine fifty claims must fit into one lease, and one batch into one call.
let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 5 })
})
afterAll(() => it?.rig.close())

/** A number of so many ten-thousandths, as text. */
const decimal = (n: bigint) => `${n / 10_000n}.${String(n % 10_000n).padStart(4, '0')}`
const cents = (n: bigint) => `${n / 100n}.${String(n % 100n).padStart(2, '0')}`
/** n / d, half-up, in exact integers. */
const halfUp = (n: bigint, d: bigint) => (2n * n + d) / (2n * d)
const chance = (most: number) => BigInt(1 + Math.floor(Math.random() * most))

interface Sheet {
  readonly order: string
  readonly activity: string
  readonly tax: bigint
  readonly hours: bigint
  readonly rate: bigint
}

/** Net, tax and total of one cost centre's sheets by rational arithmetic that shares nothing with the product's: a line for each activity and rate. */
function worth(sheets: readonly Sheet[]) {
  const keys = new Set(sheets.map(({ activity, rate }) => `${activity} ${rate}`))
  let [net, tax] = [0n, 0n]
  for (const key of keys) {
    const line = sheets.filter(({ activity, rate }) => key === `${activity} ${rate}`)
    const hours = line.reduce((sum, sheet) => sum + sheet.hours, 0n)
    const amount = halfUp(hours * (line[0]?.rate ?? 0n), 1_000_000n)
    net += amount
    tax += halfUp(amount * (line[0]?.tax ?? 0n), 1_000_000n)
  }
  return { SubTotal: cents(net), TotalTax: cents(tax), Total: cents(net + tax) }
}

test('forbidden to all: one request says so, and every hour is free again', async () => {
  it.rig.xero.control.clearCalls()
  const jobs = []
  for (let i = 0; i < 5; i++) jobs.push(await it.job({ sheets: [{ hours: '1' }] }))
  it.rig.xero.control.addFault({ kind: 'forbidden', times: 0, match: { method: 'PUT', path: '/Invoices' } })
  expect(await it.create()).toMatchObject({ result: { issued: 0, refused: 5 } })
  expect(it.rig.xero.control.callsByEndpoint()).toMatchObject({ 'PUT /Invoices': 1, 'GET /Invoices': 1 })
  for (const { costCenterId } of jobs)
    expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  it.rig.xero.control.clearFaults()
  await it.clear()
})

test('hundreds at once: a write per 50 invoices, and nothing else but the notes; each right to the cent, by Xero and by exact arithmetic', {
  timeout: Number(process.env.TIMEOUT_MS ?? 120_000),
}, async () => {
  const { rig } = it
  rig.xero.control.setLimits({ enabled: false })
  const count = Number(process.env.COST_CENTRES ?? 105)
  const taxes = [chance(250_000), chance(250_000), 0n]
  for (const [n, tax] of taxes.entries()) {
    rig.xero.control.setTaxRate({ TaxType: `TAX9${n}`, Rate: decimal(tax), CanApplyTo: ['REVENUE'] })
    await rig.sql("insert into activity_types (name, account_code, tax_type) values ($1, '200', $2)", [
      `Work ${n}`,
      `TAX9${n}`,
    ])
  }
  await it.warm()
  const orders = Array.from({ length: count }, (_, n) => `PO ${n}`)
  const rates = Array.from({ length: 4 }, () => chance(3_000_000))
  const sheets = orders.flatMap((order) =>
    Array.from({ length: Number(chance(6)) }, (): Sheet => {
      const [n, rate] = [Number(chance(3)) - 1, rates[Number(chance(4)) - 1] ?? 1n]
      return { order, activity: `Work ${n}`, tax: taxes[n] ?? 0n, hours: chance(120_000), rate }
    }),
  )
  const contacts = orders.map(
    (order) => rig.xero.control.person().createContact({ Name: `${order} ${randomUUID()}` }).ContactID,
  )
  await rig.sql(
    `with o as (select gen_random_uuid() as id, x.contact, x.name from jsonb_to_recordset($1::text::jsonb) as x (contact text, name text)),
       c as (insert into clients (id, name, xero_contact_id) select id, name, contact from o returning id),
       p as (insert into projects (id, code, client_id) select id, 'M ' || id, id from c returning id)
     insert into cost_centers (id, project_id, name, customer_po_number) select o.id, o.id, 'Labor', o.name from o join p on p.id = o.id`,
    [JSON.stringify(orders.map((name, n) => ({ name, contact: contacts[n] })))],
  )
  await rig.sql(
    `insert into timesheets (cost_center_id, activity_type_id, worker_name, work_date, hours, rate, status)
       select c.id, a.id, 'Aroha', '2026-11-01', x.hours::numeric, x.rate::numeric, 'approved'
       from jsonb_to_recordset($1::text::jsonb) as x ("order" text, activity text, hours text, rate text)
       join cost_centers c on c.customer_po_number = x."order" join activity_types a on a.name = x.activity`,
    [JSON.stringify(sheets.map((s) => ({ ...s, tax: null, hours: decimal(s.hours), rate: decimal(s.rate) })))],
  )
  rig.xero.control.clearCalls()
  expect(await it.create()).toMatchObject({ state: 'done', result: { held: [], issued: count, failed: 0 } })
  expect(rig.xero.control.callsByEndpoint()).toMatchObject({ 'PUT /Invoices': Math.ceil(count / 50) })
  await it.settled(Number(process.env.TIMEOUT_MS ?? 100_000))
  const calls = rig.xero.control.callsByEndpoint()
  if (process.env.COST_CENTRES) console.log(count, 'cost centres:', calls)
  expect(calls).toEqual({ 'PUT /Invoices': Math.ceil(count / 50), 'PUT /Invoices/{id}/History': count })

  const documents = it.documents()
  for (const order of orders)
    expect(
      documents.filter(({ Reference }) => Reference === order),
      order,
    ).toMatchObject([worth(sheets.filter((sheet) => sheet.order === order))])
  expect(await it.failures()).toEqual([])
})
