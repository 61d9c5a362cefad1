import type { NewMessage } from '@afo/contracts'
import { type ServiceRig, serviceRig } from '@afo/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contactSync } from '../src/service.js'
import {
  addClients,
  bare,
  books,
  calls,
  client,
  contactOf,
  contacts,
  editClient,
  openFailures,
  reset,
} from './company.js'

let rig: ServiceRig
beforeAll(async () => {
  rig = await serviceRig(contactSync, { xero: bare() })
})
afterAll(() => rig?.close())
beforeEach(() => reset(rig))

const sync = (body = {}) => rig.run('contacts.sync', body)
const person = () => rig.xero.control.person()
const pull = (id: string) =>
  rig.send({ id: crypto.randomUUID(), name: 'contacts.pull', key: id, body: { contactIds: [id] } })

describe('contacts.pull', () => {
  test('100 messages about one contact within a moment are one call', async () => {
    const [id = ''] = await addClients(rig, [{}])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    person().editContact(ContactID, { FirstName: 'F' })
    calls(rig)
    const message: NewMessage = { name: 'contacts.pull', key: ContactID, body: { contactIds: [ContactID] } }
    await rig.bus.publish(
      Array.from({ length: 100 }, () => ({ ...message, id: crypto.randomUUID() })),
      { correlationId: crypto.randomUUID(), causationId: null, tenantId: null },
    )
    await rig.until('the edit', async () => (await client(rig, id)).first_name === 'F')
    await rig.until('the stream to be empty', async () =>
      (await rig.bus.figures()).every(
        (f) => f.stream !== 'commands.contact-sync' || (f.pending === 0 && f.length === 0),
      ),
    )
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
  })

  test('a webhook that is older than what is known, as of our own writes, is no call', async () => {
    const [id = ''] = await addClients(rig, [{}])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    const [known] = await rig.sql<{ at: string }>('select updated_at::text as at from xero_contacts')
    const updatedAt = Date.parse(known?.at ?? '')
    const told = async (later: number) => {
      const changedAt = { [ContactID]: new Date(updatedAt + later).toISOString() }
      const body = { contactIds: [ContactID], changedAt }
      await rig.send({ id: crypto.randomUUID(), name: 'contacts.pull', key: ContactID, body })
      await rig.until('nothing to be wanted', async () => {
        const [wanted] = await rig.sql<{ n: string }>('select count(*)::text as n from xero_contact_wants')
        const idle = (await rig.bus.figures()).every(
          (f) => f.stream !== 'commands.contact-sync' || (f.pending === 0 && f.length === 0),
        )
        return idle && wanted?.n === '0'
      })
    }
    calls(rig)
    await told(0)
    expect(calls(rig)).toEqual({})
    await told(1)
    expect(calls(rig)).toEqual({ 'GET /Contacts': 1 })
  })

  test('an edit after the read is read anew', async () => {
    const [id = ''] = await addClients(rig, [{}])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    for (const name of ['One', 'Two']) {
      person().editContact(ContactID, { FirstName: name })
      await pull(ContactID)
      await rig.until(name, async () => (await client(rig, id)).first_name === name)
    }
  })

  test('an id that Xero does not know does no harm, and a failing read is repeated', async () => {
    const [id = ''] = await addClients(rig, [{}])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    person().editContact(ContactID, { FirstName: 'F' })
    rig.xero.control.addFault({ kind: 'error-503' })
    await pull(crypto.randomUUID())
    await pull(ContactID)
    await rig.until('the edit', async () => (await client(rig, id)).first_name === 'F')
  })

  test('webhooks that never come cost only delay', async () => {
    const [id = ''] = await addClients(rig, [{}])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    person().editContact(ContactID, { FirstName: 'F' })
    await sync()
    expect(await client(rig, id)).toMatchObject({ first_name: 'F' })
  })
})

describe('reading', () => {
  const many = (n: number) => {
    for (let i = 0; i < n; i++) person().createContact({ Name: `Contact ${i}` })
  }
  const known = async () =>
    Number((await rig.sql<{ n: string }>('select count(*)::text as n from xero_contacts'))[0]?.n)

  test('a set of pages that was cut off goes on where it stood', async () => {
    many(2_100)
    rig.xero.control.addFault({ kind: 'error-503', match: { path: 'page=3' }, times: 2 })
    calls(rig)
    expect(await sync()).toMatchObject({ state: 'done' })
    expect(await known()).toBe(2_100)
    expect(calls(rig)).toEqual({ 'GET /Contacts': 5 })
  })

  test('the cursor is by the clock of Xero: one that is ahead or jumps loses nothing', async () => {
    const [id = ''] = await addClients(rig, [{}])
    rig.xero.control.moveClock({ advanceMs: -86_400_000 })
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    for (const advanceMs of [0, 172_800_000, 60_000]) {
      rig.xero.control.moveClock({ advanceMs })
      person().editContact(ContactID, { FirstName: `after ${advanceMs}` })
      await sync()
      expect(await client(rig, id)).toMatchObject({ first_name: `after ${advanceMs}` })
    }
  })

  test('the weekly reconcile sees what a delta missed, and what is gone from Xero', async () => {
    const [id = '', gone = ''] = await addClients(rig, [{}, {}])
    await sync()
    const contact = await contactOf(rig, id)
    const lost = await contactOf(rig, gone)
    if (!contact || !lost) throw new Error('not linked')
    rig.xero.control.moveClock({ advanceMs: 900_000 })
    await sync()
    // Xero's lists of changes leave it out: its time didn't move.
    books(rig).contacts.put({ ...contact, FirstName: 'Silent' })
    books(rig).contacts.delete(lost.ContactID)
    await sync()
    expect(await client(rig, id)).toMatchObject({ first_name: null })
    expect(await sync({ full: true, weekly: true })).toMatchObject({ state: 'done' })
    expect(await client(rig, id)).toMatchObject({ first_name: 'Silent' })
    await editClient(rig, gone, { phone: '1' })
    await sync()
    expect(await openFailures(rig)).toMatchObject([{ entity_id: gone, code: 'AFO-205' }])
    expect(contacts(rig)).toHaveLength(1)
  })

  test('the weekly reconcile can be switched off', async () => {
    await rig.db.rpc('sync_settings_write', { p_settings: [{ key: 'sync', value: '{"weeklyReconcile":false}' }] })
    calls(rig)
    await sync({ full: true, weekly: true })
    expect(calls(rig)).toEqual({})
  })

  test('payment terms and status of the contact are kept for invoicing', async () => {
    const [id = ''] = await addClients(rig, [{}])
    await sync()
    const { ContactID = '' } = (await contactOf(rig, id)) ?? {}
    person().editContact(ContactID, { PaymentTerms: { Sales: { Day: 20, Type: 'OFFOLLOWINGMONTH' } } })
    await sync()
    expect(await client(rig, id)).toMatchObject({ xero_payment_terms: { day: 20, type: 'OFFOLLOWINGMONTH' } })
  })

  test('an organisation that people have left is asked for nothing, and moves no cursor', async () => {
    const [mine] = await rig.sql<{ tenant: string }>('select tenant_id as tenant from xero_tokens where selected')
    const select = (tenant = '') => rig.sql('update xero_tokens set tenant_id = $1 where selected', [tenant])
    const cursor = () => rig.sql("select value::text from xero_cursors where name = 'contacts'")
    await addClients(rig, [{}])
    await select('another')
    const ended = sync()
    await rig.until('the sync to be given back', async () => {
      const [given] = await rig.sql("select 1 from commands where state = 'queued' and heartbeat_at is not null")
      return given !== undefined
    })
    expect(calls(rig)).toEqual({})
    const read = { p_value: { since: '2026-01-01T00:00:00Z', set: null }, p_tenant_id: mine?.tenant ?? '' }
    expect(await rig.db.rpc('sync_contacts_cursor', read)).toBe(false)
    expect(await cursor()).toEqual([])
    await select(mine?.tenant)
    expect(await ended).toMatchObject({ state: 'done', result: { created: 1 } })
    expect(await cursor()).toHaveLength(1)
  })
})
