import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, company } from './company.js'

let it: Company
beforeAll(async () => {
  it = await company()
})
afterAll(() => it?.rig.close())

test('a claim of hours whose activity or day is another one by now plans anew', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create()
  await it.settled()
  const [{ claim }] = (await it.rig.sql<{ claim: string }>(
    `select jsonb_build_object('id', gen_random_uuid(), 'commandId', i.command_id, 'costCenterId', i.cost_center_id, 'clientId', i.client_id,
       'contactId', i.contact_id, 'status', 'AUTHORISED', 'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'note', '', 'lines', i.lines,
       'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text, 'prefix', 'AFO-', 'start', 1, 'width', 5, 'leaseMs', 1000, 'timesheets',
       jsonb_build_array(jsonb_build_object('id', t.id, 'hours', t.hours, 'rate', a.default_rate, 'activityId', a.id, 'workDate', t.work_date)))::text as claim
     from invoices i join timesheets t on t.invoice_id = i.id join activity_types a on a.id = t.activity_type_id`,
  )) as [{ claim: string }]
  await it.rig.sql('update timesheets set invoice_id = null, invoiced = false')
  const asClaimed = (set: string) =>
    it.rig
      .sql(`with t as (update timesheets set ${set} returning 1) select count(*) from t`)
      .then(() => it.rig.sql('select sync_invoice_claim($1) is not null as claimed', [claim]))
  const day = "'2026-11-01'::date"
  const electrician = "(select id from activity_types where name = 'Electrician')"
  await it.rig.sql(
    `insert into activity_types (name, default_rate, xero_item_code, account_code, tax_type) values ('Also electrician', 95.5, 'LAB', '200', 'NONE')`,
  )
  await expect(asClaimed(`work_date = ${day} + 1`)).rejects.toThrow('changed')
  await expect(
    asClaimed(`work_date = ${day}, activity_type_id = (select id from activity_types where name = 'Also electrician')`),
  ).rejects.toThrow('changed')
  expect(await asClaimed(`activity_type_id = ${electrician}`)).toEqual([{ claimed: true }])
  expect((await it.sheets(costCenterId)).map(({ invoice_id }) => invoice_id !== null)).toEqual([true])
})
