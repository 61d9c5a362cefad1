import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Office, openOffice } from './office.js'

let office: Office
let rig: Office['rig']
let contactId: Office['contactId']
let person: Office['person']
let issued: Office['issued']
let poll: Office['poll']
beforeAll(async () => {
  office = await openOffice()
  ;({ rig, contactId, person, issued, poll } = office)
})
afterAll(() => office?.rig.close())
beforeEach(() => office.clear())

test('a total changed in Xero is one line in the failed inbox, and closes when it is changed back', async () => {
  const { id, xeroId, number } = await issued()
  const line = { Description: 'Work', Quantity: 1, AccountCode: '200', TaxType: 'OUTPUT2' }
  person().editInvoice(xeroId, { LineItems: [{ ...line, UnitAmount: 200 }] })
  await poll()
  const open = () => rig.sql('select entity_id, code, message from xero_failures where resolved_at is null')
  expect(await open()).toEqual([
    {
      entity_id: id,
      code: 'AFO-502',
      message: `${number} differs in Xero: net is 200.00, sent as 100.00; tax is 30.00, sent as 15.00; total is 230.00, sent as 115.00`,
    },
  ])
  person().editInvoice(xeroId, { LineItems: [{ ...line, UnitAmount: 100 }] })
  await poll()
  expect(await open()).toEqual([])
})

test('an edit in Xero that keeps the total is shown field by field, and a merged contact is none', async () => {
  const { id, xeroId, number } = await issued()
  const other = person().createContact({ Name: 'Other customer' }).ContactID
  const client = randomUUID()
  await rig.sql('insert into clients (id, name, xero_contact_id) values ($1, $2, $3)', [client, 'Customer', contactId])
  await rig.sql(
    "update invoices set contact_id = $1, client_id = $2, reference = 'PO 1', issued_on = '2026-11-01' where id = $3",
    [contactId, client, id],
  )
  person().editInvoice(xeroId, { Reference: 'PO 2', Contact: { ContactID: other } })
  await poll()
  const open = async () =>
    (await rig.sql('select message from xero_failures where resolved_at is null')).map((it) => it.message)
  expect(await open()).toEqual([
    `${number} differs in Xero: contact is ${other}, sent as ${contactId}; reference is PO 2, sent as PO 1`,
  ])
  const [view] = await rig.sql('select sync_view_invoice(i) as it from invoices i where id = $1', [id])
  expect(view?.it).toMatchObject({
    differs: true,
    total: '115.00',
    edits: [
      { field: 'contact', ours: contactId, xero: other },
      { field: 'reference', ours: 'PO 1', xero: 'PO 2' },
    ],
  })
  // The two contacts become one in Xero, and the client's link follows: only the reference is left to tell of.
  await rig.sql('update clients set xero_contact_id = $1 where id = $2', [other, client])
  await poll()
  expect(await open()).toEqual([`${number} differs in Xero: reference is PO 2, sent as PO 1`])
})

test('a document that hangs on what its contact was merged into is where it belongs', async () => {
  const { id, xeroId } = await issued()
  await rig.sql('update invoices set contact_id = $1 where id = $2', [contactId, id])
  const into = person().createContact({ Name: 'Survivor' }).ContactID
  await rig.sql('delete from xero_contacts')
  await rig.sql(
    `insert into xero_contacts (contact_id, status, merged_to, fields) values ($1, 'ARCHIVED', $2, '{"name": "Customer"}'), ($2, 'ACTIVE', null, '{"name": "Survivor"}')`,
    [contactId, into],
  )
  person().editInvoice(xeroId, { Contact: { ContactID: into } })
  await poll()
  const told = () => rig.sql('select message from xero_failures where resolved_at is null')
  expect(await told()).toEqual([])
  // Where the merge is not known, it is told by names.
  await rig.sql('update xero_contacts set merged_to = null')
  await poll({ full: true })
  expect(await told()).toMatchObject([{ message: expect.stringContaining('contact is Survivor, sent as Customer') }])
})

test('what invoicing found to differ closes when the first reading agrees', async () => {
  const { id } = await issued()
  await rig.sql('select sync_failures_record($1)', [
    JSON.stringify([
      { entity: 'invoice', entityId: id, code: 'AFO-502', message: 'Xero computed 115.01', money: '115.00' },
    ]),
  ])
  await poll()
  expect(await rig.sql('select code from xero_failures where resolved_at is null')).toEqual([])
})
