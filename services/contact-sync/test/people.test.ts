import { type ServiceRig, serviceRig } from '@afo/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contactSync } from '../src/service.js'
import {
  addClients,
  bare,
  calls,
  client,
  contactOf,
  contacts,
  editClient,
  openConflicts,
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

/** A linked client whose phone both sides have edited, and its open conflict. */
async function clash() {
  const [id = ''] = await addClients(rig, [{ phone: '1' }])
  await sync()
  const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
  person().editContact(ContactID, { Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: 'theirs' }] })
  await editClient(rig, id, { phone: 'ours' })
  await sync()
  const [conflict] = await openConflicts(rig)
  const phones = async () => [(await client(rig, id)).phone, (await contactOf(rig, id))?.Phones.DEFAULT?.PhoneNumber]
  return { id, contactId: ContactID, conflict: conflict?.id ?? '', phones }
}
const resolve = (ids: string[], choice: 'ours' | 'xero') =>
  rig.db.rpc('sync_conflicts_resolve', { p_ids: ids, p_choice: choice, p_by: 'ada' })
const undo = (ids: string[]) => rig.db.rpc('sync_conflicts_undo', { p_ids: ids, p_by: 'ada' })

describe('conflicts', () => {
  test.each(['ours', 'xero'] as const)('resolved for %s, and undone', async (choice) => {
    const { id, conflict, phones } = await clash()
    expect(await resolve([conflict], choice)).toEqual({ ids: [conflict], clientIds: [id], refused: [] })
    await sync()
    const [won, lost] = choice === 'ours' ? ['ours', 'theirs'] : ['theirs', 'ours']
    expect(await phones()).toEqual([won, won])
    expect(await openConflicts(rig)).toEqual([])
    expect(await undo([conflict])).toEqual({ ids: [conflict], clientIds: [id], refused: [] })
    await sync()
    expect(await phones()).toEqual([lost, lost])
  })

  test.each(['ours', 'xero'] as const)('undone before the answer for %s was carried out', async (choice) => {
    const { conflict, phones } = await clash()
    await resolve([conflict], choice)
    await undo([conflict])
    await sync()
    const lost = choice === 'ours' ? 'theirs' : 'ours'
    expect(await phones()).toEqual([lost, lost])
  })

  test('an answer says nothing about what was typed after it', async () => {
    const { contactId, conflict, phones } = await clash()
    await resolve([conflict], 'ours')
    person().editContact(contactId, { Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: 'newer' }] })
    await sync()
    expect(await phones()).toEqual(['ours', 'newer'])
    expect(await openConflicts(rig)).toMatchObject([{ base: 'theirs', ours: 'ours', theirs: 'newer' }])
  })

  test('an undo after another edit is refused', async () => {
    const { id, conflict } = await clash()
    await resolve([conflict], 'ours')
    await sync()
    await editClient(rig, id, { phone: 'edited since' })
    expect(await undo([conflict])).toMatchObject({ ids: [], refused: [{ id: conflict, code: 'edited-since' }] })
  })

  test('are listed with the client', async () => {
    const { id } = await clash()
    expect(await rig.db.rpc('sync_list_conflicts', { p_query: {} })).toMatchObject({
      total: 1,
      items: [{ clientId: id, field: 'phone', base: '1', ours: 'ours', theirs: 'theirs' }],
    })
  })
})

describe('matches', () => {
  async function question() {
    const [a, b] = ['A', 'B'].map((Name) => person().createContact({ Name, EmailAddress: 'x@y.example' }))
    const [id = ''] = await addClients(rig, [{ name: 'C', email: 'x@y.example' }])
    await sync()
    return { id, a: a?.ContactID ?? '', b: b?.ContactID ?? '' }
  }
  const answer = (clientId: string, contactId: string | null) =>
    rig.db.rpc('sync_match_answer', { p_client_id: clientId, p_contact_id: contactId, p_by: 'ada' })

  test('are listed side by side', async () => {
    const { id, a, b } = await question()
    const { items, total } = await rig.db.rpc('sync_list_matches', { p_query: {} })
    expect(total).toBe(1)
    expect(items).toMatchObject([{ clientId: id, reason: 'several', ours: { name: 'C' } }])
    expect(items[0]?.candidates.map((c) => [c.contactId, c.by]).sort()).toEqual(
      [
        [a, ['email']],
        [b, ['email']],
      ].sort(),
    )
  })

  test('answered with a contact: linked, merged like a first link', async () => {
    const { id, a } = await question()
    await answer(id, a)
    expect(await sync()).toMatchObject({ result: { conflicts: 1 } })
    expect((await client(rig, id)).xero_contact_id).toBe(a)
    expect(await openConflicts(rig)).toMatchObject([{ field: 'name', base: null, ours: 'C', theirs: 'A' }])
    expect(await openQuestions(rig)).toEqual([])
  })

  test('answered with none: created', async () => {
    const { id } = await question()
    await answer(id, null)
    expect(await sync()).toMatchObject({ result: { created: 1 } })
    expect(contacts(rig)).toHaveLength(3)
    expect((await contactOf(rig, id))?.ContactNumber).toBe(id)
  })

  test('a contact that another client has is refused, and one that is not there too', async () => {
    const { id, a } = await question()
    const [other = ''] = await addClients(rig, [{ name: 'Other' }])
    await answer(other, a)
    await expect(answer(id, a)).rejects.toMatchObject({ code: 'contact-taken', status: 409 })
    await expect(answer(id, crypto.randomUUID())).rejects.toMatchObject({ code: 'no-contact', status: 404 })
    await expect(answer(crypto.randomUUID(), null)).rejects.toMatchObject({ code: 'no-client', status: 404 })
  })

  test('a merge into a contact that another client has is a question', async () => {
    const [one = '', two = ''] = await addClients(rig, [{ name: 'One' }, { name: 'Two' }])
    await sync()
    const [c1, c2] = [await contactOf(rig, one), await contactOf(rig, two)]
    person().mergeContact(c1?.ContactID ?? '', c2?.ContactID ?? '')
    expect(await sync()).toMatchObject({ result: { asked: 1, relinked: 0 } })
    expect(await openQuestions(rig)).toMatchObject([{ client_id: one, reason: 'merged' }])
    await sync()
    expect(contacts(rig)).toHaveLength(2)
    await answer(one, null)
    expect(await sync()).toMatchObject({ result: { created: 1 } })
    expect((await client(rig, one)).xero_contact_id).not.toBe(c1?.ContactID)
  })
})

describe('contacts without a client', () => {
  test('a deleted client leaves its contact as it is; archived there if the setting says so', async () => {
    await setSync(rig, { unknownContacts: 'create' })
    const [id = ''] = await addClients(rig, [{}])
    await sync()
    await rig.sql('delete from clients where id = $1', [id])
    calls(rig)
    await sync()
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
    expect(contacts(rig)).toMatchObject([{ ContactStatus: 'ACTIVE' }])
    expect(await rig.sql('select id from clients')).toEqual([])
    await setSync(rig, { archiveInXero: true })
    expect(await sync()).toMatchObject({ result: { archived: 1 } })
    expect(contacts(rig)).toMatchObject([{ ContactStatus: 'ARCHIVED' }])
    calls(rig)
    await sync()
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
  })

  test('an archived client is archived in Xero only if the setting says so, also when it is switched on later', async () => {
    const [id = ''] = await addClients(rig, [{}])
    await sync()
    await editClient(rig, id, { archived_at: '2026-01-01' })
    await sync()
    expect(contacts(rig)).toMatchObject([{ ContactStatus: 'ACTIVE' }])
    await setSync(rig, { archiveInXero: true })
    await sync()
    expect(contacts(rig)).toMatchObject([{ ContactStatus: 'ARCHIVED' }])
    expect(await client(rig, id)).toMatchObject({ dirty: 'false', xero_contact_status: 'ARCHIVED' })
    expect(await openFailures(rig)).toEqual([])
  })

  test('customers that only Xero knows become clients if the setting says so', async () => {
    const customer = person().createContact({ Name: 'Customer', EmailAddress: 'c@c.example' })
    person().createInvoice({
      Type: 'ACCREC',
      Contact: { ContactID: customer.ContactID },
      Date: '2026-09-01',
      DueDate: '2026-09-20',
      LineItems: [{ Description: 'x', Quantity: 1, UnitAmount: 1, AccountCode: '200' }],
      Status: 'AUTHORISED',
    })
    person().createContact({ Name: 'Supplier' })
    expect(await sync()).toMatchObject({ result: { adopted: 0 } })
    expect(await rig.db.rpc('sync_list_unknown_contacts', { p_query: {} })).toMatchObject({ total: 2 })
    await setSync(rig, { unknownContacts: 'create' })
    expect(await sync()).toMatchObject({ result: { adopted: 1, updated: 1, conflicts: 0 } })
    const [row] = await rig.sql<{ id: string }>('select id::text from clients')
    expect(await client(rig, row?.id ?? '')).toMatchObject({
      name: 'Customer',
      email: 'c@c.example',
      xero_contact_id: customer.ContactID,
      dirty: 'false',
    })
    expect((await contactOf(rig, row?.id ?? ''))?.ContactNumber).toBe(row?.id)
  })

  test('a person ignores one or makes a client of it', async () => {
    const [a, b] = ['A', 'B'].map((Name) => person().createContact({ Name }).ContactID)
    await sync()
    const answer = (contactId = '', answer: 'ignore' | 'create') =>
      rig.db.rpc('sync_unknown_contact_answer', { p_contact_id: contactId, p_answer: answer })
    expect(await answer(a, 'ignore')).toBeNull()
    const made = await answer(b, 'create')
    expect(await client(rig, made ?? '')).toMatchObject({ name: 'B', xero_contact_id: b })
    expect(await rig.db.rpc('sync_list_unknown_contacts', { p_query: {} })).toMatchObject({ total: 0 })
    await expect(answer(a, 'create')).rejects.toMatchObject({ status: 404 })
  })
})

test('a dry run says what would happen to whom, field by field, and writes nothing', async () => {
  const [linked = ''] = await addClients(rig, [{ name: 'Linked', phone: '1', city: 'A' }])
  await sync()
  person().editContact((await contactOf(rig, linked))?.ContactID ?? '', {
    FirstName: 'F',
    Addresses: [{ AddressType: 'STREET', City: 'C' }],
  })
  await editClient(rig, linked, { phone: '2', city: 'B' })
  const { ContactID: acme } = person().createContact({ Name: 'Acme', EmailAddress: 'info@acme.example' })
  for (const Name of ['S1', 'S2']) person().createContact({ Name, EmailAddress: 's@s.example' })
  const [byName = '', fresh = '', several = '', long = ''] = await addClients(rig, [
    { name: 'ACME', phone: '7' },
    { name: 'Fresh', email: 'f@f.example' },
    { name: 'Several', email: 's@s.example' },
    { name: 'x'.repeat(300) },
  ])
  const before = [contacts(rig), await rig.sql('select * from clients order by id')]
  calls(rig)
  expect(await rig.run('contacts.plan')).toMatchObject({
    state: 'done',
    result: { link: 1, create: 1, ask: 1, change: 1, refuse: 1 },
  })
  expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
  expect([contacts(rig), await rig.sql('select * from clients order by id')]).toEqual(before)
  const { items, total, madeAt } = await rig.db.rpc('sync_list_contact_plan', { p_query: {} })
  expect([total, madeAt]).toEqual([5, expect.any(String)])
  const planned = (id: string) => items.find((item) => item.clientId === id)
  expect(planned(linked)).toMatchObject({ action: 'change', name: 'Linked' })
  expect(planned(linked)?.fields).toEqual(
    expect.arrayContaining([
      { field: 'phone', ours: '2', theirs: '1', goes: 'to-xero' },
      { field: 'first_name', ours: null, theirs: 'F', goes: 'to-us' },
      { field: 'city', ours: 'B', theirs: 'C', goes: 'asked' },
    ]),
  )
  expect(planned(byName)).toMatchObject({ action: 'link', contactId: acme, reason: 'name' })
  expect(planned(byName)?.fields).toEqual(
    expect.arrayContaining([
      { field: 'name', ours: 'ACME', theirs: 'Acme', goes: 'asked' },
      { field: 'phone', ours: '7', theirs: null, goes: 'to-xero' },
      { field: 'email', ours: null, theirs: 'info@acme.example', goes: 'to-us' },
    ]),
  )
  expect(planned(fresh)).toMatchObject({ action: 'create' })
  expect(planned(several)).toMatchObject({ action: 'ask', reason: 'several' })
  expect(planned(long)).toMatchObject({ action: 'refuse' })
})

describe('switches', () => {
  test('off to Xero: nothing is written; switched on, what waited goes', async () => {
    await setSync(rig, { contactsToXero: false })
    const [id = ''] = await addClients(rig, [{ phone: '1' }])
    await sync()
    expect(contacts(rig)).toEqual([])
    await setSync(rig, {})
    await sync()
    await setSync(rig, { contactsToXero: false })
    await editClient(rig, id, { phone: '2' })
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    person().editContact(ContactID, { FirstName: 'F' })
    await sync()
    expect(await client(rig, id)).toMatchObject({ first_name: 'F', dirty: 'true' })
    expect((await contactOf(rig, id))?.Phones.DEFAULT?.PhoneNumber).toBe('1')
    await setSync(rig, {})
    await sync()
    expect((await contactOf(rig, id))?.Phones.DEFAULT?.PhoneNumber).toBe('2')
  })

  test('off from Xero: nothing arrives; switched on, what waited arrives', async () => {
    const [id = ''] = await addClients(rig, [{ phone: '1' }])
    await sync()
    await setSync(rig, { contactsFromXero: false })
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    person().editContact(ContactID, { FirstName: 'F' })
    await editClient(rig, id, { phone: '2' })
    await sync()
    expect(await client(rig, id)).toMatchObject({ first_name: null })
    expect(await contactOf(rig, id)).toMatchObject({ FirstName: 'F', Phones: { DEFAULT: { PhoneNumber: '2' } } })
    await setSync(rig, {})
    await sync()
    expect(await client(rig, id)).toMatchObject({ first_name: 'F', phone: '2', dirty: 'false' })
  })

  test('both off: Xero is not asked', async () => {
    await setSync(rig, { contactsToXero: false, contactsFromXero: false })
    calls(rig)
    expect(await sync()).toMatchObject({ state: 'done' })
    expect(calls(rig)).toEqual({})
  })
})
