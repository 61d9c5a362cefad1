import { type ServiceRig, serviceRig } from '@afo/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactSync } from '../src/service.js'
import { addClients, bare, books, client, contactOf, editClient, openFailures, reset } from './company.js'

let rig: ServiceRig
beforeAll(async () => {
  rig = await serviceRig(contactSync, { xero: bare() })
})
afterAll(() => rig?.close())

type Row = Parameters<typeof addClients>[1][number]
/** What Xero then holds of the client, or why it has no contact: code, field and sentence. */
type Fate = { readonly holds: object } | { readonly fails: readonly [code: string, field: string, sentence: string] }

const x = (n: number) => 'x'.repeat(n)
const rows: readonly (readonly [what: string, row: Row, fate: Fate])[] = [
  ['a name of 255 characters', { name: x(255) }, { holds: { Name: x(255) } }],
  [
    'a name of 300 characters',
    { name: x(300) },
    { fails: ['AFO-202', 'name', 'The name has 300 characters; Xero takes 255 at most. It was not cut.'] },
  ],
  ['no name', { name: '' }, { fails: ['AFO-201', 'name', 'The client has no name.'] }],
  ['a name of nothing visible', { name: ' \t\u0007 ' }, { fails: ['AFO-201', 'name', 'The client has no name.'] }],
  ['angle brackets and double spaces', { name: ' A  <B>   Ltd ' }, { holds: { Name: 'A B Ltd' } }],
  [
    'control characters',
    { name: 'Bell\u0007 and\r\nline', city: 'Ob\u001ban' },
    { holds: { Name: 'Bell and line', Addresses: { STREET: { City: 'Ob an' } } } },
  ],
  [
    'emoji',
    { name: '🚧 Roadworks 👷🏽‍♀️', first_name: '🦘' },
    { holds: { Name: '🚧 Roadworks 👷🏽‍♀️', FirstName: '🦘' } },
  ],
  ['a right-to-left name', { name: 'שלום בע״מ' }, { holds: { Name: 'שלום בע״מ' } }],
  ['an e-mail that is none', { email: 'nobody' }, { fails: ['AFO-204', 'email', 'Email address must be valid.'] }],
  [
    'a phone of 51 characters',
    { phone: '1'.repeat(51) },
    { fails: ['AFO-206', 'phone', 'The phone has 51 characters; Xero takes 50 at most. It was not cut.'] },
  ],
  [
    'a country with a dot',
    { country: 'N.Z.' },
    { fails: ['AFO-206', 'country', 'The country "N.Z." has more than letters in it; Xero takes letters alone.'] },
  ],
  [
    'a street of five lines',
    { street: 'a\nb\nc\nd\ne' },
    { holds: { Addresses: { STREET: { AddressLine3: 'c', AddressLine4: 'd, e' } } } },
  ],
  ['empty texts', { email: '', phone: '', city: '  ' }, { holds: { ContactStatus: 'ACTIVE' } }],
  ['a plain one', { name: 'Plain Ltd', email: 'a@b.example' }, { holds: { Name: 'Plain Ltd' } }],
]

test('each row goes to Xero cleaned or is one sentence with its field; nobody stops the others', async () => {
  await reset(rig)
  const ids = await addClients(
    rig,
    rows.map(([, row]) => row),
  )
  const failing = rows.filter(([, , fate]) => 'fails' in fate)
  const before = await Promise.all(ids.map((id) => client(rig, id)))
  expect(await rig.run('contacts.sync')).toMatchObject({
    state: 'done',
    result: { created: rows.length - failing.length, failed: failing.length },
  })
  const failures = await openFailures(rig)
  expect(failures).toHaveLength(failing.length)
  for (const [i, [what, , fate]] of rows.entries()) {
    const id = ids[i] ?? ''
    const said = failures.filter((failure) => failure.entity_id === id)
    if ('fails' in fate)
      expect(
        said.map((f) => [f.code, JSON.parse(f.details).field, f.message]),
        what,
      ).toEqual([fate.fails])
    else expect([said, await contactOf(rig, id)], what).toEqual([[], expect.objectContaining({ ContactNumber: id })])
    if ('holds' in fate) expect(await contactOf(rig, id), what).toMatchObject(fate.holds)
    // What was typed stays as it was typed.
    for (const field of ['name', 'email', 'phone', 'city', 'street'] as const)
      expect((await client(rig, id))[field], what).toBe(before[i]?.[field])
  }
})

test('a contact with more contact persons than Xero takes is kept in step, and keeps them', async () => {
  await reset(rig)
  const [id = ''] = await addClients(rig, [{ phone: '1' }])
  await rig.run('contacts.sync')
  const contact = await contactOf(rig, id)
  if (!contact) throw new Error('not linked')
  const persons = Array.from({ length: 10 }, (_, i) => ({
    FirstName: `P${i}`,
    LastName: '',
    EmailAddress: '',
    IncludeInEmails: false,
  }))
  books(rig).contacts.put({ ...contact, ContactPersons: persons })
  await editClient(rig, id, { phone: '2' })
  expect(await rig.run('contacts.sync')).toMatchObject({ result: { updated: 1, failed: 0 } })
  expect(await contactOf(rig, id)).toMatchObject({ Phones: { DEFAULT: { PhoneNumber: '2' } }, ContactPersons: persons })
})
