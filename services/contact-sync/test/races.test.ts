import { type ServiceRig, serviceRig } from '@afo/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contactSync } from '../src/service.js'
import {
  addClients,
  bare,
  books,
  client,
  contactOf,
  contacts,
  editClient,
  openConflicts,
  openFailures,
  openQuestions,
  reset,
} from './company.js'

let rig: ServiceRig
beforeAll(async () => {
  // Nearly in real time: no lease ends, and no call is given up, while a test holds an answer back.
  rig = await serviceRig(contactSync, { xero: bare(), timeScale: 2 })
})
afterAll(() => rig?.close())
beforeEach(() => reset(rig))

const sync = () => rig.run('contacts.sync')
const person = () => rig.xero.control.person()
const phoneInXero = async (id: string) => (await contactOf(rig, id))?.Phones.DEFAULT?.PhoneNumber
const withPhone = (PhoneNumber: string) => ({ Phones: [{ PhoneType: 'DEFAULT', PhoneNumber }] })
const answer = (clientId: string, contactId: string | null) =>
  rig.db.rpc('sync_match_answer', { p_client_id: clientId, p_contact_id: contactId, p_by: 'ada' })
afterEach(() => rig.letAllGo())
/** The next writes wait, before Xero does them or with its answer, for the function that is answered. */
const hold = (kind: 'slow' | 'slow-after-commit', method: 'PUT' | 'POST', times = 1) =>
  rig.hold({ kind, times, match: { method, path: '/Contacts' } }).letGo
const leased = (id: string) =>
  rig.until('the write to begin', async () => (await client(rig, id)).xero_lease_owner !== null)

async function linked(name = 'Kiwi') {
  const [id = ''] = await addClients(rig, [{ name, phone: '1' }])
  await sync()
  return { id, contactId: (await client(rig, id)).xero_contact_id ?? '' }
}

const unhurried = { timeout: 120_000 }

describe('while a write is on its way', unhurried, () => {
  test('an edit in Xero that another reader saw before our answer arrives all the same', async () => {
    const { id, contactId } = await linked()
    await editClient(rig, id, { phone: '2' })
    const goOn = hold('slow-after-commit', 'POST')
    const ended = sync()
    await rig.until('our word to be in Xero', async () => (await phoneInXero(id)) === '2')
    rig.xero.control.moveClock({ advanceMs: 1_000 })
    person().editContact(contactId, { FirstName: 'Edited in Xero' })
    await rig.run('contacts.plan')
    goOn()
    expect(await ended).toMatchObject({ result: { updated: 1 } })
    await sync()
    expect(await client(rig, id)).toMatchObject({ phone: '2', first_name: 'Edited in Xero', dirty: 'false' })
  })

  test.each(['ours', 'xero'] as const)('a question that opens stays, and can be answered for %s', async (choice) => {
    const { id, contactId } = await linked()
    await editClient(rig, id, { phone: 'ours' })
    const goOn = hold('slow', 'POST')
    const ended = sync()
    await leased(id)
    person().editContact(contactId, withPhone('theirs'))
    const body = { contactIds: [contactId] }
    await rig.send({ id: crypto.randomUUID(), name: 'contacts.pull', key: contactId, body })
    const [asked] = await rig.until('the question', async () => {
      const open = await openConflicts(rig)
      return open.length > 0 && open
    })
    expect((await client(rig, id)).xero_lease_owner).not.toBeNull()
    goOn()
    await ended
    await sync()
    expect(await phoneInXero(id)).toBe('ours')
    expect(await openConflicts(rig)).toMatchObject([{ field: 'phone', ours: 'ours', theirs: 'theirs' }])
    await rig.db.rpc('sync_conflicts_resolve', { p_ids: [asked?.id ?? ''], p_choice: choice, p_by: 'ada' })
    await sync()
    const chosen = choice === 'ours' ? 'ours' : 'theirs'
    expect(await phoneInXero(id)).toBe(chosen)
    expect(await client(rig, id)).toMatchObject({ phone: chosen, dirty: 'false' })
    expect(await openConflicts(rig)).toEqual([])
  })

  test('a person who says which contact it is has the last word', async () => {
    const { id } = await linked()
    const right = person().createContact({ Name: 'The right one' })
    await sync()
    await editClient(rig, id, { phone: '2' })
    const goOn = hold('slow-after-commit', 'POST')
    const ended = sync()
    await leased(id)
    await answer(id, right.ContactID)
    goOn()
    await ended
    expect(await client(rig, id)).toMatchObject({ xero_contact_id: right.ContactID, xero_lease_owner: null })
    await sync()
    expect((await client(rig, id)).xero_contact_id).toBe(right.ContactID)
    expect(await phoneInXero(id)).toBe('2')
  })

  test.each(['PUT', 'POST'] as const)(
    'a change of organisation: what the one before answers to a %s is forgotten',
    async (method) => {
      const { id } =
        method === 'POST' ? await linked() : { id: (await addClients(rig, [{ name: 'Kiwi', phone: '1' }]))[0] ?? '' }
      await editClient(rig, id, { phone: '2' })
      const goOn = hold('slow-after-commit', method)
      const ended = sync()
      await leased(id)
      await rig.sql(`select sync_connection_relink('one', 'other')`)
      goOn()
      await ended
      expect(await client(rig, id)).toMatchObject({ xero_contact_id: null, xero_lease_owner: null, xero_sent: null })
      expect(await rig.sql('select contact_id from xero_contacts')).toEqual([])
    },
  )
})

describe('a write that waits', unhurried, () => {
  test('is given up where the contact has changed since it was planned', async () => {
    const { id, contactId } = await linked()
    await editClient(rig, id, { phone: 'ours' })
    const some = { p_after: null, p_limit: 10, p_push: true, p_pull: true, p_archive: false }
    const [planned] = await rig.db.rpc('sync_clients_linked', { ...some, p_client_ids: [id], p_contact_ids: null })
    if (!planned) throw new Error('nothing is due')
    const { revision, syncedAt, version } = planned
    const lease = (as: { link: string | null; version: number | null }) => {
      const asked = { clientId: id, revision, syncedAt, send: { phone: 'ours' }, ...as }
      return rig.db.rpc('sync_clients_lease', { p_clients: [asked], p_owner: 'us', p_ms: 60_000 })
    }
    expect(await lease({ link: contactId, version: version - 1 })).toEqual([])
    expect(await lease({ link: crypto.randomUUID(), version })).toEqual([])
    expect(await lease({ link: null, version: null })).toEqual([])
    expect(await lease({ link: contactId, version })).toEqual([id])
  })

  test('is planned once more in the same run', async () => {
    // Four batches of 50 go at once: those of the fifth were planned with them and wait.
    const ids = (
      await addClients(
        rig,
        Array.from({ length: 210 }, () => ({ phone: '1' })),
      )
    ).sort()
    const last = ids.at(-1) ?? ''
    await sync()
    await rig.sql(`update clients set phone = 'ours', city = 'ours'`)
    const goOn = hold('slow', 'POST', 4)
    const ended = sync()
    await rig.until('four writes to begin', async () => {
      const [row] = await rig.sql<{ n: string }>('select count(xero_lease_owner)::text as n from clients')
      return row?.n === '200'
    })
    person().editContact((await client(rig, last)).xero_contact_id ?? '', withPhone('theirs'))
    await rig.run('contacts.plan')
    goOn()
    expect(await ended).toMatchObject({ state: 'done', result: { updated: 210, conflicts: 1, failed: 0 } })
    expect(await phoneInXero(last)).toBe('theirs')
    expect((await contactOf(rig, last))?.Addresses.STREET?.City).toBe('ours')
    expect(await openConflicts(rig)).toMatchObject([{ client_id: last, ours: 'ours', theirs: 'theirs' }])
  })
})

describe('an answer "none of these"', unhurried, () => {
  async function answeredNone() {
    const [one] = ['One', 'Two'].map((Name) => person().createContact({ Name, EmailAddress: 'k@x.example' }))
    const [id = ''] = await addClients(rig, [{ name: 'Kiwi', email: 'k@x.example' }])
    await sync()
    await answer(id, null)
    return { id, one: one?.ContactID ?? '' }
  }

  test('is over with the contact that it made: a merge into another client’s is a new question', async () => {
    const { id, one } = await answeredNone()
    const [holder = ''] = await addClients(rig, [{ name: 'Holder' }])
    await answer(holder, one)
    await sync()
    expect(await rig.sql('select client_id from xero_matches')).toEqual([])
    person().mergeContact((await client(rig, id)).xero_contact_id ?? '', one)
    expect(await sync()).toMatchObject({ result: { asked: 1 } })
    expect(await openQuestions(rig)).toMatchObject([{ client_id: id, reason: 'merged' }])
    expect(await openFailures(rig)).toEqual([])
  })

  test('that was kept from earlier opens anew by such a merge', async () => {
    const [{ id: a, contactId }, { contactId: b }] = [await linked('A'), await linked('B')]
    await rig.sql(
      `insert into xero_matches (client_id, reason, candidates, state, answer) values ($1, 'several', '[]', 'answered', '{"create": true}')`,
      [a],
    )
    person().mergeContact(contactId, b)
    expect(await sync()).toMatchObject({ result: { asked: 1 } })
    expect(await openQuestions(rig)).toMatchObject([{ client_id: a, reason: 'merged' }])
    expect(await sync()).toMatchObject({ result: { asked: 0 } })
  })

  test('says nothing about another organisation', async () => {
    const { id } = await answeredNone()
    await rig.sql(`select sync_connection_relink('one', 'other')`)
    books(rig).contacts.clear()
    const only = person().createContact({ Name: 'Kiwi there', EmailAddress: 'k@x.example' })
    await sync()
    expect((await client(rig, id)).xero_contact_id).toBe(only.ContactID)
    expect(contacts(rig)).toHaveLength(1)
  })
})

test('an answer taken back while a sync keeps its results: Postgres takes one of them back, and it is done anew', async () => {
  const clients = await addClients(rig, [
    { name: 'A', phone: '1' },
    { name: 'B', phone: '1' },
  ])
  const settled = await rig.sql<{ id: string; client_id: string }>(
    `insert into xero_conflicts (client_id, field, base, ours, theirs, state, choice)
     select unnest($1::text[])::uuid, 'phone', '0', '1', '2', 'resolved', 'ours' returning id::text, client_id::text`,
    [clients],
  )
  const [first, second] = settled.sort((a, b) => (a.id < b.id ? -1 : 1)).map((conflict) => conflict.client_id)
  // Holds the second client until somebody who has the first waits for it, and then asks for the first. It is slow to look for a deadlock: the other finds it.
  const other = rig.sql(`do $$ begin
    perform set_config('deadlock_timeout', '60s', true);
    update clients set name = name || '.' where id = '${second}';
    while not exists (select from pg_locks where pg_backend_pid() = any (pg_blocking_pids(pid))) loop perform pg_sleep(0.01); end loop;
    update clients set name = name || '.' where id = '${first}';
  end $$`)
  await rig.until('the lock', async () => {
    const [row] = await rig.sql<{ held: boolean }>(
      "select exists (select from pg_stat_activity where query like 'do $$%' and wait_event = 'PgSleep') as held",
    )
    return row?.held
  })
  const undone = await rig.db.rpc('sync_conflicts_undo', { p_ids: settled.map(({ id }) => id), p_by: 'ada' })
  await other
  expect([undone.ids.length, undone.refused]).toEqual([2, []])
  expect((await rig.sql<{ phone: string }>('select phone from clients')).map(({ phone }) => phone)).toEqual(['2', '2'])
})
