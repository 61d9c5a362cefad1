import { defaultOrganisations } from '@afo/sandbox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Replica, type Rig, startRig } from './rig.js'

const [first, second] = defaultOrganisations
let rig: Rig
let replica: Replica
const both = [first?.tenantId ?? '', second?.tenantId ?? '']
beforeAll(async () => {
  rig = await startRig()
  replica = await rig.start()
})
afterAll(() => rig?.close())

test('of several, a person chooses', async () => {
  expect((await rig.connect(replica, both)).body).toEqual({ outcome: 'choose', admin: 'ada' })
  expect((await rig.ask(replica, 'GET', '/connection')).body).toMatchObject({ connected: false, choiceNeeded: true })
  const { body } = await rig.ask(replica, 'GET', '/organisations')
  expect(body.organisations.map((o: { tenantId: string }) => o.tenantId).sort()).toEqual([...both].sort())
  const select = { tenantId: second?.tenantId, by: 'ada' }
  expect((await rig.ask(replica, 'POST', '/organisations/select', select)).body).toEqual({
    tenantId: second?.tenantId,
    tenantName: second?.name,
  })
  expect((await rig.ask(replica, 'GET', '/token')).body).toMatchObject({ tenantId: second?.tenantId })
  const unknown = await rig.ask(replica, 'POST', '/organisations/select', { tenantId: 'nobody', by: 'ada' })
  expect(unknown.status).toBe(404)
})

test('a change with linked rows is refused with the consequences; forced, it unlinks, and coming back links again', async () => {
  await rig.db.sql(`insert into clients (name, xero_contact_id) values ('Kiwi', 'contact-1')`)
  await rig.db.sql(`insert into xero_cursors (name, value) values ('contacts', '{}')`)
  await rig.db.sql(`insert into xero_reference (name, value) values ('accounts', '[]')`)
  const links = () => rig.db.sql<{ id: string | null }>(`select xero_contact_id as id from clients`)
  const select = (tenantId: string | undefined, force = false) =>
    rig.ask(replica, 'POST', '/organisations/select', { tenantId, force, by: 'ada' })
  const refused = await select(first?.tenantId)
  expect(refused).toMatchObject({ status: 409, body: { code: 'organisation-linked', links: { clients: 1 } } })
  expect(refused.body.detail).toContain(`1 clients`)
  expect(await links()).toEqual([{ id: 'contact-1' }])

  // An invoice on its way would be looked up in the wrong books, found absent, and sent again.
  const [underway] = await rig.db.sql<{ id: string }>(`insert into invoices (state) values ('unknown') returning id`)
  expect(await select(first?.tenantId, true)).toMatchObject({ status: 409, body: { code: 'invoices-underway' } })
  expect(await links()).toEqual([{ id: 'contact-1' }])
  await rig.db.sql(`delete from invoices where id = $1`, [underway?.id ?? ''])

  expect((await select(first?.tenantId, true)).status).toBe(200)
  expect(await links()).toEqual([{ id: null }])
  for (const table of ['xero_cursors', 'xero_reference'])
    expect(await rig.db.sql(`select * from ${table}`), table).toEqual([])
  expect((await rig.ask(replica, 'GET', '/token')).body.tenantId).toBe(first?.tenantId)

  expect((await select(second?.tenantId, true)).status).toBe(200)
  expect(await links()).toEqual([{ id: 'contact-1' }])
})

test('a new consent for another organisation waits for the word of a person', async () => {
  rig.xero.control.disconnect(second?.tenantId)
  expect((await rig.connect(replica, [both[0] ?? ''])).body).toMatchObject({
    outcome: 'error',
    error: 'organisation_change',
  })
  expect((await rig.ask(replica, 'GET', '/token')).body.tenantId).toBe(second?.tenantId)
  const taken = await rig.ask(replica, 'POST', '/organisations/select', { tenantId: both[0], force: true, by: 'ada' })
  expect(taken.status).toBe(200)
  expect((await rig.ask(replica, 'GET', '/token')).body.tenantId).toBe(first?.tenantId)
})

test("what was in doubt when its organisation was lost stays that one's, and nothing asked of it is carried out elsewhere", async () => {
  const add = (state: string, sends: number, tenant: string | null = null) =>
    rig.db.sql(`insert into invoices (state, sends, fence, sent_tenant) values ($1, $2::text::int, 7, $3)`, [
      state,
      String(sends),
      tenant,
    ])
  const select = (tenantId: string | undefined) =>
    rig.ask(replica, 'POST', '/organisations/select', { tenantId, force: true, by: 'ada' })
  await add('unknown', 1)
  await add('sending', 2, 'a third one')
  await add('claimed', 0)
  await add('issued', 1)
  for (const state of ['queued', 'running', 'done'])
    await rig.db.sql(
      `insert into commands (id, name, body, asked_by, triggered_by, state) values (gen_random_uuid(), 'invoices.void', '{}', 'ada', 'manual', $1)`,
      [state],
    )
  await rig.db.sql(`update xero_tokens set disconnected_at = now() where selected`)
  rig.xero.control.disconnect(first?.tenantId)
  await rig.connect(replica, [both[1] ?? ''])
  expect((await select(second?.tenantId)).status).toBe(200)
  expect(await rig.db.sql(`select state, fence::text, sent_tenant from invoices order by state`)).toEqual([
    { state: 'claimed', fence: '7', sent_tenant: null },
    { state: 'issued', fence: '7', sent_tenant: null },
    { state: 'sending', fence: '8', sent_tenant: 'a third one' },
    { state: 'unknown', fence: '8', sent_tenant: first?.tenantId },
  ])
  expect(
    await rig.db.sql(`select state, cancel_requested_at is not null as cancelled from commands order by state`),
  ).toEqual([
    { state: 'done', cancelled: false },
    { state: 'queued', cancelled: true },
    { state: 'running', cancelled: true },
  ])
  // What only another organisation can answer holds up no change, least of all the one back to it.
  await rig.db.sql(`delete from invoices where state = 'claimed'`)
  await rig.connect(replica, both)
  expect((await select(first?.tenantId)).status).toBe(200)
  expect(await select(second?.tenantId)).toMatchObject({ status: 409, body: { code: 'invoices-underway' } })
})
