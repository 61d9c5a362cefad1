import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, company } from './company.js'

// Time runs only a little faster here: on a busy machine fifty claims must fit into one lease, and one batch into one call.
let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 5 })
})
afterAll(() => it?.rig.close())

test('hundreds at once: a write per 50 invoices, and nothing else but the notes', { timeout: 120_000 }, async () => {
  it.rig.xero.control.setLimits({ enabled: false })
  await it.warm()
  const count = Number(process.env.COST_CENTRES ?? 105)
  const contacts = Array.from({ length: count }, (_, n) =>
    it.rig.xero.control.person().createContact({ Name: `Many ${n} ${randomUUID()}` }),
  )
  await it.rig.sql(
    `with c as (insert into clients (id, name, xero_contact_id) select gen_random_uuid(), 'Many', unnest($1::text[]) returning id),
       p as (insert into projects (id, code, client_id) select gen_random_uuid(), 'M' || row_number() over (), id from c returning id),
       cc as (insert into cost_centers (id, project_id, name, customer_po_number) select gen_random_uuid(), id, 'Labor', 'PO' from p returning id)
     insert into timesheets (cost_center_id, activity_type_id, worker_name, work_date, hours, status)
       select id, (select id from activity_types where name = 'Electrician'), 'Aroha', '2026-11-01', 1.25, 'approved' from cc`,
    [contacts.map((c) => c.ContactID)],
  )
  it.rig.xero.control.clearCalls()
  expect(await it.create()).toMatchObject({ state: 'done', result: { issued: count, failed: 0 } })
  expect(it.rig.xero.control.callsByEndpoint()['PUT /Invoices']).toBe(Math.ceil(count / 50))
  await it.settled(100_000)
  expect(it.rig.xero.control.callsByEndpoint()).toEqual({
    'PUT /Invoices': Math.ceil(count / 50),
    'PUT /Invoices/{id}/History': count,
  })
})
