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

describe('clients to Xero', () => {
  test('a new client becomes a contact with every field, and says so', async () => {
    const [id = ''] = await addClients(rig, [
      {
        name: 'Café <Zoë>  Ltd',
        first_name: 'Zoë',
        last_name: "O'Neill",
        email: 'zoe@cafe.example',
        phone: '09 123 4567',
        mobile: '021 555',
        street: '1 High St\nLevel 2',
        city: 'Auckland',
        country: 'New Zealand',
        mailing_street: 'PO Box 9',
        mailing_postal_code: '1010',
        tax_number: '12-345',
        account_number: 'C-1',
      },
    ])
    expect(await sync()).toMatchObject({ state: 'done', result: { created: 1, failed: 0, summary: '1 created' } })
    const contact = await contactOf(rig, id)
    expect(contact).toMatchObject({
      ContactNumber: id,
      Name: 'Café Zoë Ltd',
      FirstName: 'Zoë',
      LastName: "O'Neill",
      EmailAddress: 'zoe@cafe.example',
      TaxNumber: '12-345',
      AccountNumber: 'C-1',
      Phones: { DEFAULT: { PhoneNumber: '09 123 4567' }, MOBILE: { PhoneNumber: '021 555' } },
      Addresses: {
        STREET: { AddressLine1: '1 High St', AddressLine2: 'Level 2', City: 'Auckland', Country: 'New Zealand' },
        POBOX: { AddressLine1: 'PO Box 9', PostalCode: '1010' },
      },
    })
    expect(await client(rig, id)).toMatchObject({
      name: 'Café <Zoë>  Ltd',
      dirty: 'false',
      xero_contact_status: 'ACTIVE',
    })
    await rig.until('contact.linked', () =>
      rig.said.some(
        (m) => m.name === 'contact.linked' && m.body.clientId === id && m.body.contactId === contact?.ContactID,
      ),
    )
  })

  test('with nothing changed it makes one call and writes nothing', async () => {
    await addClients(rig, [{}, {}, {}])
    await sync()
    await sync()
    const before = await rig.sql('select xmin::text, * from xero_contacts order by contact_id')
    calls(rig)
    expect(await sync()).toMatchObject({ result: { summary: 'Nothing had changed' } })
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
    expect(await rig.sql('select xmin::text, * from xero_contacts order by contact_id')).toEqual(before)
  })

  test('a sync that is interrupted goes on counting where it was', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)
    await addClients(
      rig,
      ids.map((id, n) => ({ id, name: `Client ${n}` })),
    )
    // Of two batches the second is refused once, and the command comes back.
    rig.xero.control.addFault({ kind: 'error-503', match: { method: 'PUT', path: '/Contacts', body: '"Client 59"' } })
    const { id, result } = await sync()
    expect(result).toMatchObject({ created: 60, failed: 0 })
    const steps = () =>
      rig.said.flatMap((m) =>
        m.name === 'job.progressed' && m.body.commandId === id
          ? [`${m.body.progress.done} of ${m.body.progress.total}`]
          : [],
      )
    // What is said is heard a moment after the command is done.
    await rig.until('the last step', () => steps().includes('60 of 60'))
    expect(steps()).toEqual([...['0 of 60', '50 of 60'], ...['50 of 60', '60 of 60']])
  })

  test('a changed client costs a read and a write, with the changed field alone', async () => {
    const [id = ''] = await addClients(rig, [{ phone: '1', email: 'a@b.example' }])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    rig.xero.control.person().editContact(ContactID, { FirstName: 'Typed in Xero' })
    await editClient(rig, id, { phone: '2' })
    calls(rig)
    expect(await sync()).toMatchObject({ result: { updated: 1, conflicts: 0 } })
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1, 'POST /Contacts': 1 })
    expect(await contactOf(rig, id)).toMatchObject({
      FirstName: 'Typed in Xero',
      EmailAddress: 'a@b.example',
      Phones: { DEFAULT: { PhoneNumber: '2' } },
    })
    expect(await client(rig, id)).toMatchObject({ first_name: 'Typed in Xero', phone: '2', dirty: 'false' })
  })

  test('slots that we do not know stay as they are in Xero', async () => {
    const [id = ''] = await addClients(rig, [{ phone: '1', street: 'Old' }])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    rig.xero.control.person().editContact(ContactID, {
      Phones: [{ PhoneType: 'DDI', PhoneNumber: '77', PhoneAreaCode: '9' }],
      Addresses: [{ AddressType: 'STREET', AddressLine1: 'Old', AttentionTo: 'Ann' }],
      ContactPersons: [{ FirstName: 'Bob' }],
    })
    await editClient(rig, id, { phone: '2', street: 'New' })
    await sync()
    expect(await contactOf(rig, id)).toMatchObject({
      Phones: { DDI: { PhoneNumber: '77', PhoneAreaCode: '9' }, DEFAULT: { PhoneNumber: '2' } },
      Addresses: { STREET: { AddressLine1: 'New', AttentionTo: 'Ann' } },
      ContactPersons: [{ FirstName: 'Bob' }],
    })
  })

  test('an account number that another contact has is refused in those terms', async () => {
    await addClients(rig, [{ account_number: 'A' }, { account_number: 'A' }])
    expect(await sync()).toMatchObject({ state: 'done', result: { created: 1, failed: 1 } })
    expect((await openFailures(rig)).map((f) => [f.code, JSON.parse(f.details).field])).toEqual([
      ['AFO-207', 'account_number'],
    ])
  })

  test('a refused client is not tried again until it changes', async () => {
    const [id = ''] = await addClients(rig, [{ email: 'nobody' }])
    await sync()
    calls(rig)
    expect(await sync()).toMatchObject({ result: { failed: 0 } })
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
    await editClient(rig, id, { email: 'some@body.example' })
    expect(await sync()).toMatchObject({ result: { created: 1 } })
    expect(await openFailures(rig)).toEqual([])
  })

  test.each([
    'timeout-after-commit',
    'reset-after-commit',
    'error-500-after-commit',
    'garbage-200-after-commit',
  ] as const)('an answer lost by %s creates nobody twice', async (kind) => {
    const ids = await addClients(rig, [{}, {}, {}])
    rig.xero.control.addFault({ kind, match: { method: 'PUT', path: '/Contacts' } })
    expect(await sync()).toMatchObject({ state: 'done' })
    expect(contacts(rig)).toHaveLength(3)
    expect(new Set(contacts(rig).map((c) => c.ContactNumber))).toEqual(new Set(ids))
    for (const id of ids) expect(await client(rig, id)).toMatchObject({ dirty: 'false' })
    expect(await openFailures(rig)).toEqual([])
  })

  test('one id that Xero does not know refuses the batch; its neighbours go through', async () => {
    const ids = await addClients(rig, [{}, {}, {}, {}, {}])
    await sync()
    await rig.sql('update clients set xero_contact_id = gen_random_uuid()::text where id = $1', [ids[2] ?? ''])
    await rig.sql(
      "insert into xero_contacts select (jsonb_populate_record(x, jsonb_build_object('contact_id', c.xero_contact_id))).* from clients c, xero_contacts x where c.id = $1 and x.contact_number = $1::text",
      [ids[2] ?? ''],
    )
    for (const id of ids) await editClient(rig, id, { city: 'Elsewhere' })
    expect(await sync()).toMatchObject({ state: 'done', result: { updated: 4, failed: 1 } })
    expect((await openFailures(rig)).map((f) => [f.entity_id, f.code])).toEqual([[ids[2], 'AFO-299']])
  })
})

describe('Xero to clients', () => {
  test('an edit in Xero arrives here and nothing is written back', async () => {
    const [id = ''] = await addClients(rig, [{ phone: '1' }])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    rig.xero.control
      .person()
      .editContact(ContactID, { Name: 'Renamed', Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '' }] })
    calls(rig)
    await sync()
    expect(await client(rig, id)).toMatchObject({ name: 'Renamed', phone: null, dirty: 'false' })
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
  })

  test('both sides edit one field: a question; the other fields go on', async () => {
    const [id = ''] = await addClients(rig, [{ phone: '1', city: 'A' }])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    rig.xero.control
      .person()
      .editContact(ContactID, { Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '3' }], LastName: 'L' })
    await editClient(rig, id, { phone: '2', city: 'B' })
    expect(await sync()).toMatchObject({ result: { conflicts: 1, updated: 1 } })
    expect(await openConflicts(rig)).toMatchObject([
      { client_id: id, field: 'phone', base: '1', ours: '2', theirs: '3' },
    ])
    expect(await client(rig, id)).toMatchObject({ phone: '2', last_name: 'L', city: 'B' })
    expect(await contactOf(rig, id)).toMatchObject({
      Phones: { DEFAULT: { PhoneNumber: '3' } },
      Addresses: { STREET: { City: 'B' } },
    })
    await rig.until('contact.conflicted', () =>
      rig.said.some((m) => m.name === 'contact.conflicted' && m.body.clientId === id),
    )
    expect(await sync()).toMatchObject({ result: { conflicts: 0 } })
    await editClient(rig, id, { phone: '3' })
    await sync()
    expect(await openConflicts(rig)).toEqual([])
  })

  test('an owner rule settles the clash without a question', async () => {
    await setSync(rig, { owners: { phone: 'ours', city: 'xero' } })
    const [id = ''] = await addClients(rig, [{ phone: '1', city: 'A' }])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    rig.xero.control.person().editContact(ContactID, {
      Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '3' }],
      Addresses: [{ AddressType: 'STREET', City: 'C' }],
    })
    await editClient(rig, id, { phone: '2', city: 'B' })
    expect(await sync()).toMatchObject({ result: { conflicts: 0 } })
    expect(await client(rig, id)).toMatchObject({ phone: '2', city: 'C', dirty: 'false' })
    expect(await contactOf(rig, id)).toMatchObject({
      Phones: { DEFAULT: { PhoneNumber: '2' } },
      Addresses: { STREET: { City: 'C' } },
    })
  })

  test('archived in Xero: archived here, later edits are one failure with what to do', async () => {
    const [id = ''] = await addClients(rig, [{ phone: '1' }])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    rig.xero.control.person().archiveContact(ContactID)
    await sync()
    expect(await client(rig, id)).toMatchObject({
      archived_at: expect.any(String),
      xero_contact_status: 'ARCHIVED',
      dirty: 'false',
    })
    await editClient(rig, id, { phone: '2' })
    calls(rig)
    expect(await sync()).toMatchObject({ result: { failed: 1 } })
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
    expect(await openFailures(rig)).toMatchObject([{ entity_id: id, code: 'AFO-205' }])
    rig.xero.control.person().restoreContact(ContactID)
    await sync()
    expect(await openFailures(rig)).toEqual([])
    expect(await client(rig, id)).toMatchObject({ archived_at: null })
    expect(await contactOf(rig, id)).toMatchObject({ Phones: { DEFAULT: { PhoneNumber: '2' } } })
  })

  test('a merge in Xero moves the link', async () => {
    const [id = ''] = await addClients(rig, [{ name: 'Twin' }])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    const into = rig.xero.control.person().createContact({ Name: 'Twin, the better', EmailAddress: 't@win.example' })
    rig.xero.control.person().mergeContact(ContactID, into.ContactID)
    expect(await sync()).toMatchObject({ result: { relinked: 1 } })
    expect(await client(rig, id)).toMatchObject({
      xero_contact_id: into.ContactID,
      name: 'Twin, the better',
      email: 't@win.example',
      archived_at: null,
    })
    expect(await openQuestions(rig)).toEqual([])
    const said = await rig.sql<{ target: string; details: string }>(
      `select target, details::text from audit_log where action = 'contact.merged' order by id desc limit 1`,
    )
    expect(said[0]?.target).toBe(id)
    expect(JSON.parse(said[0]?.details ?? '')).toMatchObject({ from: ContactID, into: into.ContactID })
  })
})

test('an edit of ours and a merge in Xero at once: the edit reaches the contact that is left', async () => {
  const [id = ''] = await addClients(rig, [{}])
  await sync()
  const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
  await editClient(rig, id, { first_name: 'Ours' })
  const into = rig.xero.control.person().createContact({ Name: 'Left' })
  rig.xero.control.person().mergeContact(ContactID, into.ContactID)
  expect(await sync()).toMatchObject({ result: { relinked: 1, updated: 1, failed: 0 } })
  // The merged contact keeps our number: Xero gives it to nobody else.
  expect(await contactOf(rig, id)).toMatchObject({ ContactID: into.ContactID, FirstName: 'Ours' })
})

describe('linking', () => {
  test('by number, by e-mail, by name as Xero compares; what is unknown is created', async () => {
    const ids = await addClients(rig, [
      {},
      { email: 'Info@Acme.example' },
      { name: 'Müller &  Söhne' },
      { name: 'New' },
    ])
    const person = rig.xero.control.person()
    const known = [
      person.createContact({ Name: 'By number', ContactNumber: ids[0] }),
      person.createContact({ Name: 'By e-mail', EmailAddress: 'info@acme.example' }),
      person.createContact({ Name: 'MULLER & SOHNE', ContactNumber: 'other system 7' }),
    ]
    expect(await sync()).toMatchObject({ result: { linked: 3, created: 1, asked: 0 } })
    const linked = await Promise.all(ids.map((id) => client(rig, id)))
    expect(linked.slice(0, 3).map((c) => c.xero_contact_id)).toEqual(known.map((k) => k.ContactID))
    expect(contacts(rig)).toHaveLength(4)
    // Our number goes where there is none, never over another's.
    expect((await contactOf(rig, ids[1] ?? ''))?.ContactNumber).toBe(ids[1])
    expect((await contactOf(rig, ids[2] ?? ''))?.ContactNumber).toBe('other system 7')
  })

  test('several candidates are a question, and so is a contact that another client has', async () => {
    const person = rig.xero.control.person()
    person.createContact({ Name: 'A', EmailAddress: 'x@y.example' })
    person.createContact({ Name: 'B', EmailAddress: 'x@y.example' })
    const [several = ''] = await addClients(rig, [{ name: 'C', email: 'x@y.example' }])
    expect(await sync()).toMatchObject({ result: { asked: 1, created: 0 } })
    expect(await openQuestions(rig)).toMatchObject([{ client_id: several, reason: 'several' }])
    expect(
      JSON.parse((await openQuestions(rig))[0]?.candidates ?? '').map(
        (c: { fields: { name: string } }) => c.fields.name,
      ),
    ).toEqual(expect.arrayContaining(['A', 'B']))
    await rig.until('contact.unmatched', () =>
      rig.said.some((m) => m.name === 'contact.unmatched' && m.body.clientId === several),
    )
    expect(await sync()).toMatchObject({ result: { asked: 0, created: 0 } })
  })

  test('two clients of one name: the first is created, the second is asked about', async () => {
    const [a = '', b = ''] = (await addClients(rig, [{ name: 'Same' }, { name: 'same' }])).sort()
    expect(await sync()).toMatchObject({ state: 'done', result: { created: 1, asked: 1, failed: 0 } })
    expect((await client(rig, a)).xero_contact_id).toBeTruthy()
    expect(await openQuestions(rig)).toMatchObject([{ client_id: b, reason: 'linked-elsewhere' }])
  })
})

describe('contacts.push', () => {
  test('links the clients that are asked for and says so, also when they were linked before', async () => {
    const [id = '', other = ''] = await addClients(rig, [{}, {}])
    await rig.send({ name: 'contacts.push', key: id, body: { clientIds: [id] } })
    const linked = () => rig.said.filter((m) => m.name === 'contact.linked' && m.body.clientId === id)
    await rig.until('contact.linked', () => linked().length === 1)
    expect((await client(rig, other)).xero_contact_id).toBeNull()
    calls(rig)
    await rig.send({ name: 'contacts.push', key: id, body: { clientIds: [id] } })
    await rig.until('contact.linked again', () => linked().length === 2)
    expect(calls(rig)).toEqual({})
  })

  test('says unmatched for one that can not be linked, and tries a refused one again', async () => {
    const [id = ''] = await addClients(rig, [{ email: 'nobody' }])
    await sync()
    calls(rig)
    await rig.send({ name: 'contacts.push', key: id, body: { clientIds: [id] } })
    await rig.until('contact.unmatched', () =>
      rig.said.some((m) => m.name === 'contact.unmatched' && m.body.clientId === id),
    )
    expect(calls(rig)).toMatchObject({ 'PUT /Contacts': 1 })
  })
})

test('an edit after a write whose answer was lost is an edit of ours alone: nobody is asked about our own word', async () => {
  const [id = ''] = await addClients(rig, [{ name: 'Anna' }])
  await sync()
  await editClient(rig, id, { phone: '021 1' })
  const { control } = rig.xero
  control.addFault({ kind: 'reset-after-commit', match: { method: 'POST', path: '/Contacts' } })
  const ended = sync()
  const phone = async () => (await contactOf(rig, id))?.Phones.DEFAULT?.PhoneNumber
  await rig.until('our word to be in Xero', async () => (await phone()) === '021 1')
  control.addFault({ kind: 'error-503', match: { method: 'GET', path: '/Contacts' }, times: 2 })
  await editClient(rig, id, { phone: '021 2' })
  await ended
  await sync()
  expect(await openConflicts(rig)).toEqual([])
  expect(await phone()).toBe('021 2')
  expect(await client(rig, id)).toMatchObject({ phone: '021 2' })
  // From then on it is a word like any other: somebody who types it in Xero has edited it.
  control.person().editContact((await contactOf(rig, id))?.ContactID as string, {
    Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '021 1' }],
  })
  await sync()
  expect(await client(rig, id)).toMatchObject({ phone: '021 1' })
})
