import { type ServiceRig, serviceRig } from '@afo/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contactSync } from '../src/service.js'
import {
  addClients,
  bare,
  calls,
  client,
  contactOf,
  contacts,
  editClient,
  openFailures,
  openQuestions,
  reset,
  setSync,
} from './company.js'

let rig: ServiceRig
beforeAll(async () => {
  rig = await serviceRig(contactSync, { xero: bare() })
})
afterAll(() => rig?.close())
beforeEach(() => reset(rig))

const sync = () => rig.run('contacts.sync')
const person = () => rig.xero.control.person()
const clientCount = async () => (await rig.sql('select id from clients')).length

afterEach(() => rig.letAllGo())
/** The next creation waits, before Xero does it or with its answer. */
const hold = (kind: 'slow' | 'slow-after-commit') => rig.hold({ kind, match: { method: 'PUT', path: '/Contacts' } })

/** A customer in Xero, made there by hand. */
function customer(contact: Record<string, unknown>) {
  const { ContactID } = person().createContact(contact)
  person().createInvoice({
    Type: 'ACCREC',
    Contact: { ContactID },
    Date: '2026-09-01',
    DueDate: '2026-09-20',
    LineItems: [{ Description: 'x', Quantity: 1, UnitAmount: 1, AccountCode: '200' }],
    Status: 'AUTHORISED',
  })
  return ContactID
}

describe('a refused client whose contact is there after all', () => {
  test('a write that lands after its retry was refused is linked by the next sync, and the failure ends', async () => {
    const [id = ''] = await addClients(rig, [{ name: 'Late', phone: '1' }])
    const [first, retry] = [hold('slow'), hold('slow')]
    const ended = sync()
    await rig.until('the retry, long after the first was given up', () => retry.met() === 1)
    first.letGo()
    await rig.until('the first to land', () => contacts(rig).length === 1)
    retry.letGo()
    expect(await ended).toMatchObject({ state: 'done', result: { created: 0, failed: 1 } })
    expect(await openFailures(rig)).toMatchObject([{ entity_id: id }])
    calls(rig)
    expect(await sync()).toMatchObject({ result: { linked: 1, created: 0, failed: 0 } })
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
    expect((await contactOf(rig, id))?.ContactNumber).toBe(id)
    expect(await client(rig, id)).toMatchObject({ dirty: 'false' })
    expect(await openFailures(rig)).toEqual([])
  })

  test('its namesake, made in Xero by hand, is linked and becomes no second client', async () => {
    await setSync(rig, { unknownContacts: 'create' })
    const [id = ''] = await addClients(rig, [{ name: 'Kiwi', email: 'nobody' }])
    expect(await sync()).toMatchObject({ result: { failed: 1 } })
    const contactId = customer({ Name: 'KIWI' })
    expect(await sync()).toMatchObject({ result: { linked: 1, adopted: 0 } })
    expect(await client(rig, id)).toMatchObject({ xero_contact_id: contactId })
    expect(await clientCount()).toBe(1)
  })

  test('two that it may be are a question, and neither becomes a client', async () => {
    await setSync(rig, { unknownContacts: 'create' })
    const [id = ''] = await addClients(rig, [{ name: 'Kiwi', email: 'k@x.example', country: 'N.Z.' }])
    expect(await sync()).toMatchObject({ result: { failed: 1 } })
    for (const Name of ['One', 'Two']) customer({ Name, EmailAddress: 'k@x.example' })
    expect(await sync()).toMatchObject({ result: { asked: 1, adopted: 0, created: 0 } })
    expect(await openQuestions(rig)).toMatchObject([{ client_id: id, reason: 'several' }])
    expect(await clientCount()).toBe(1)
    // Who answers "none of these" means it: it is refused again, and they become clients of their own.
    await rig.db.rpc('sync_match_answer', { p_client_id: id, p_contact_id: null, p_by: 'ada' })
    expect(await sync()).toMatchObject({ result: { failed: 1, adopted: 2 } })
    expect(await sync()).toMatchObject({ result: { failed: 0, asked: 0, linked: 0 } })
  })

  test('a client that is added while contacts become clients is asked about first', async () => {
    customer({ Name: 'Kiwi' })
    await sync()
    const [id = ''] = await addClients(rig, [{ name: 'kiwi' }])
    expect(await rig.db.rpc('sync_contacts_adopt_customers', { p_limit: 50 })).toEqual([])
    await setSync(rig, { unknownContacts: 'create' })
    expect(await sync()).toMatchObject({ result: { linked: 1, adopted: 0 } })
    expect(await contactOf(rig, id)).toMatchObject({ Name: 'Kiwi' })
  })
})

describe('contacts.push of a client that another goes before', () => {
  const push = (id: string) => rig.send({ name: 'contacts.push', key: id, body: { clientIds: [id] } })
  const said = (name: 'contact.linked' | 'contact.unmatched', id: string) =>
    rig.until(`${name} of ${id}`, () => rig.said.some((m) => m.name === name && m.body.clientId === id))
  const ids = (n: number) => Array.from({ length: n }, () => crypto.randomUUID()).sort()

  test('ends: the first is created, the one that was asked for is a question', async () => {
    const [first = '', second = ''] = ids(2)
    await addClients(rig, [
      { id: second, email: 'k@x.example' },
      { id: first, email: 'k@x.example' },
      { name: 'Nobody asked for' },
    ])
    await push(second)
    await said('contact.unmatched', second)
    await said('contact.linked', first)
    expect(await contactOf(rig, first)).toMatchObject({ ContactNumber: first })
    expect(await openQuestions(rig)).toMatchObject([{ client_id: second, reason: 'linked-elsewhere' }])
    expect(contacts(rig)).toHaveLength(1)
  })

  test('ends also where that one waits for a third', async () => {
    const [first = '', second = '', third = ''] = ids(3)
    await addClients(rig, [
      { id: first, name: 'Kiwi' },
      { id: second, name: 'Kiwi', email: 'k@x.example' },
      { id: third, email: 'k@x.example' },
    ])
    await push(third)
    await said('contact.linked', third)
    expect(await openQuestions(rig)).toMatchObject([{ client_id: second }])
    expect(contacts(rig).map((contact) => contact.ContactNumber)).toEqual(expect.arrayContaining([first, third]))
  })
})

const refusals = [
  {
    by: 'a constraint',
    on: 'alter table clients add constraint short_city check (char_length(city) < 20)',
    off: 'alter table clients drop constraint short_city',
  },
  {
    by: 'a trigger',
    on: `create function short_city() returns trigger language plpgsql as 'begin raise exception ''not a short_city''; end';
      create trigger short_city before insert or update on clients for each row when (char_length(new.city) >= 20) execute function short_city()`,
    off: 'drop function short_city cascade',
  },
]
describe.each(refusals)('a value that the table of clients refuses by $by', ({ on, off }) => {
  const long = 'A place with a very long name'
  const inXero = async (id: string, City: string) =>
    person().editContact((await contactOf(rig, id))?.ContactID ?? '', { Addresses: [{ AddressType: 'STREET', City }] })
  beforeEach(() => rig.sql(on))
  afterEach(() => rig.sql(off))

  test('is one failure of its client until it is corrected; the others go on', async () => {
    const [a = '', b = ''] = await addClients(rig, [{ city: 'A', phone: '1' }, { city: 'B' }])
    await sync()
    await inXero(a, long)
    await inXero(b, 'Short')
    await editClient(rig, a, { phone: '2' })
    expect(await sync()).toMatchObject({ state: 'done', result: { updated: 1, failed: 1 } })
    expect(await client(rig, b)).toMatchObject({ city: 'Short', dirty: 'false' })
    expect(await client(rig, a)).toMatchObject({ city: 'A', xero_lease_owner: null })
    expect(await openFailures(rig)).toMatchObject([
      { entity_id: a, code: 'AFO-208', message: expect.stringContaining('short_city') },
    ])
    calls(rig)
    await sync()
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
    expect(await openFailures(rig)).toHaveLength(1)
    await inXero(a, 'Corrected')
    expect(await sync()).toMatchObject({ result: { failed: 0 } })
    expect(await client(rig, a)).toMatchObject({ city: 'Corrected', phone: '2', dirty: 'false' })
    expect((await contactOf(rig, a))?.Phones.DEFAULT?.PhoneNumber).toBe('2')
    expect(await openFailures(rig)).toEqual([])
  })

  test('leaves a customer that only Xero knows in the list of those; the others become clients', async () => {
    const unfit = [1, 2, 3].map((n) =>
      customer({ Name: `Unfit ${n}`, Addresses: [{ AddressType: 'STREET', City: long }] }),
    )
    customer({ Name: 'Fit' })
    await sync()
    // Even where those that don't fit would fill what is taken at once.
    while ((await rig.db.rpc('sync_contacts_adopt_customers', { p_limit: 1 })).length > 0);
    expect(await rig.sql('select name from clients')).toEqual([{ name: 'Fit' }])
    const { items } = await rig.db.rpc('sync_list_unknown_contacts', { p_query: {} })
    expect(items.map((item) => item.contactId).sort()).toEqual(unfit.sort())
  })
})

test('a contact that another client gets at the moment of the answer is a race, not a value that is refused', async () => {
  const [other = ''] = await addClients(rig, [{}])
  await sync()
  const [id = ''] = await addClients(rig, [{ name: 'New' }])
  const { letGo } = hold('slow-after-commit')
  const ended = sync()
  const contactId = await rig.until('the contact', () => contacts(rig).find((c) => c.ContactNumber === id)?.ContactID)
  // Gives it to the other client, and keeps that to itself until somebody waits for it.
  const given = rig.sql(`do $$ begin
    update clients set xero_contact_id = '${contactId}' where id = '${other}';
    while not exists (select from pg_locks where pg_backend_pid() = any (pg_blocking_pids(pid))) loop perform pg_sleep(0.01); end loop;
  end $$`)
  await rig.until('the lock', async () => {
    const [row] = await rig.sql<{ held: boolean }>(
      "select exists (select from pg_stat_activity where query like 'do $$%' and wait_event = 'PgSleep') as held",
    )
    return row?.held
  })
  letGo()
  await given
  expect(await ended).toMatchObject({ state: 'done', result: { asked: 1, failed: 0 } })
  expect(await openQuestions(rig)).toMatchObject([{ client_id: id, reason: 'linked-elsewhere' }])
  expect(await openFailures(rig)).toEqual([])
})
