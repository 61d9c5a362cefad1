import type { Bus } from '@afo/bus'
import { type Message, type SeenContact, type SyncedField, syncedFields } from '@afo/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
let bus: Bus
let pushed: string[][] = []
beforeAll(async () => {
  rig = await startRig()
  bus = await rig.peer('contact-sync')
  const hear = async ({ body: { clientIds } }: Message<'contacts.push'>) => {
    pushed.push(clientIds)
    return []
  }
  bus.consume({ handlers: { 'contacts.push': hear } })
})
afterAll(() => rig?.close())
beforeEach(async () => {
  pushed = []
  await rig.db.sql('truncate clients, xero_contacts, xero_matches, xero_conflicts, xero_contact_plan, commands cascade')
})

const get = (path: string) => ask(rig, 'GET', path, { token: rig.tokens.accountant })
const post = (path: string, body?: object) => ask(rig, 'POST', path, body === undefined ? {} : { body })
const pushes = (...clients: string[]) => expect.poll(() => pushed, { timeout: 5_000 }).toEqual([clients])
const lastAudit = async () =>
  (
    await rig.db.sql<{ line: string }>(
      `select action || ' ' || coalesce(target, '') as line from audit_log order by id desc limit 1`,
    )
  )[0]?.line

const nobody = crypto.randomUUID()

async function client(name: string, contactId: string | null = null): Promise<string> {
  const id = crypto.randomUUID()
  await rig.db.sql('insert into clients (id, name, phone, xero_contact_id) values ($1, $2, $3, $4)', [
    id,
    name,
    'ours',
    contactId,
  ])
  return id
}

/** A contact as contact-sync has seen it. */
async function contact(name: string): Promise<string> {
  const fields = Object.fromEntries(syncedFields.map((field) => [field, null])) as Record<SyncedField, string | null>
  const contactId = crypto.randomUUID()
  const seen: SeenContact = {
    contactId,
    contactNumber: null,
    status: 'ACTIVE',
    mergedTo: null,
    isCustomer: true,
    fields: { ...fields, name, phone: 'theirs' },
    phones: [],
    addresses: [],
    paymentTerms: null,
    updatedAt: '2026-11-01T00:00:00Z',
  }
  await rig.db.sql('select sync_contacts_see($1)', [JSON.stringify([seen])])
  return contactId
}

/** A client that may be either of two contacts. */
async function question() {
  const [a, b] = [await contact('A'), await contact('B')]
  const id = await client('Kowhai')
  await rig.db.sql(
    `select sync_matches_ask(jsonb_build_array(jsonb_build_object('clientId', $1::text, 'reason', 'several', 'candidates',
      (select jsonb_agg(sync_contact_json(x) || '{"by": ["email"], "linkedTo": null, "contested": false}') from xero_contacts x)))::text)`,
    [id],
  )
  return { id, a, b }
}

/** A linked client whose phone both sides have changed. */
async function clash(name = 'Kowhai') {
  const contactId = await contact(name)
  const id = await client(name, contactId)
  const conflict = crypto.randomUUID()
  await rig.db.sql(
    `insert into xero_conflicts (id, client_id, field, base, ours, theirs) values ($1, $2, 'phone', '1', 'ours', 'theirs')`,
    [conflict, id],
  )
  return { id, contactId, conflict }
}

describe('matches', () => {
  it('show a client beside its candidates; the answer is kept, audited, and carried to Xero', async () => {
    const { id, a, b } = await question()
    const listed = await get('/admin/xero/matches')
    expect(listed.body).toMatchObject({
      total: 1,
      nextCursor: null,
      items: [{ clientId: id, reason: 'several', ours: { name: 'Kowhai' } }],
    })
    expect(listed.body.items[0].candidates.map((c: { contactId: string }) => c.contactId).sort()).toEqual([a, b].sort())
    const answered = await post(`/admin/xero/matches/${id}`, { contactId: a })
    expect(answered).toMatchObject({ status: 200, body: { clientId: id, contactId: a } })
    await pushes(id)
    expect(await lastAudit()).toBe(`xero.matches.answer ${id}`)
    expect((await get('/admin/xero/matches')).body.total).toBe(0)
    expect((await get(`/admin/clients/${id}`)).body).toMatchObject({ xeroContactId: a, match: null })
  })

  it('can be answered with none of them, which creates one', async () => {
    const { id } = await question()
    expect((await post(`/admin/xero/matches/${id}`, { create: true })).body).toEqual({ clientId: id, contactId: null })
    await pushes(id)
    expect(await rig.db.sql('select state, answered_by from xero_matches')).toEqual([
      { state: 'answered', answered_by: 'ada@example.com' },
    ])
  })

  it('refuse what is no answer', async () => {
    const { id, a } = await question()
    await client('Holder', a)
    const linked = await clash('Linked')
    for (const [path, body, status, code] of [
      [id, {}, 400, 'invalid'],
      [id, { contactId: a, create: true }, 400, 'invalid'],
      [id, { create: false }, 400, 'invalid'],
      [id, { contactId: a }, 409, 'contact-taken'],
      [id, { contactId: nobody }, 404, 'no-contact'],
      [nobody, { create: true }, 404, 'no-client'],
      [linked.id, { create: true }, 409, 'client-linked'],
    ] as const) {
      const answered = await post(`/admin/xero/matches/${path}`, body)
      expect([answered.status, answered.body.code], JSON.stringify(body)).toEqual([status, code])
    }
    expect(
      (await ask(rig, 'POST', `/admin/xero/matches/${id}`, { token: rig.tokens.accountant, body: { create: true } }))
        .status,
    ).toBe(403)
    expect(pushed).toEqual([])
  })
})

describe('conflicts', () => {
  it('one: settled, carried to Xero, undone', async () => {
    const { id, contactId, conflict } = await clash()
    const { body } = await get('/admin/xero/conflicts')
    expect(body).toMatchObject({
      total: 1,
      items: [
        { id: conflict, clientId: id, clientName: 'Kowhai', contactId, field: 'phone', ours: 'ours', theirs: 'theirs' },
      ],
    })
    expect((await post(`/admin/xero/conflicts/${conflict}/resolve`, { choice: 'ours' })).body).toEqual({
      ids: [conflict],
      refused: [],
    })
    await pushes(id)
    expect(await lastAudit()).toBe(`xero.conflicts.resolve ${conflict}`)
    expect((await get('/admin/xero/conflicts')).body.total).toBe(0)
    expect((await get(`/admin/xero/conflicts?state=resolved&clientId=${id}`)).body.items).toMatchObject([
      { choice: 'ours', resolvedBy: 'ada@example.com' },
    ])
    const again = await post(`/admin/xero/conflicts/${conflict}/resolve`, { choice: 'xero' })
    expect([again.status, again.body.code]).toEqual([409, 'not-open'])
    pushed = []
    expect((await post(`/admin/xero/conflicts/${conflict}/undo`)).status).toBe(200)
    await pushes(id)
    expect((await get(`/admin/clients/${id}`)).body.ours.phone).toBe('theirs')
    expect((await post(`/admin/xero/conflicts/${nobody}/undo`)).status).toBe(404)
  })

  it('an undo after another edit is refused', async () => {
    const { id, conflict } = await clash()
    await post(`/admin/xero/conflicts/${conflict}/resolve`, { choice: 'ours' })
    await rig.db.sql(`update clients set phone = 'newer' where id = $1`, [id])
    const undone = await post(`/admin/xero/conflicts/${conflict}/undo`)
    expect([undone.status, undone.body.code, undone.body.detail]).toEqual([
      409,
      'edited-since',
      'The phone was edited since',
    ])
  })

  it('many: those that can be are settled in one go, the others say why', async () => {
    const [one, two] = [await clash('One'), await clash('Two')]
    const ids = [one.conflict, two.conflict, nobody]
    const { body } = await post('/admin/xero/conflicts/resolve', { ids, choice: 'xero' })
    expect(body.ids.sort()).toEqual([one.conflict, two.conflict].sort())
    expect(body.refused).toMatchObject([{ id: nobody, code: 'not-found' }])
    await expect
      .poll(() => pushed.map((clients) => clients.sort()), { timeout: 5_000 })
      .toEqual([[one.id, two.id].sort()])
    await rig.db.sql(`update clients set phone = 'newer' where id = $1`, [one.id])
    expect((await post('/admin/xero/conflicts/undo', { ids })).body).toMatchObject({
      ids: [two.conflict],
      refused: expect.arrayContaining([expect.objectContaining({ id: one.conflict, code: 'edited-since' })]),
    })
  })
})

describe('the dry run', () => {
  it('is asked for as a command and read by action', async () => {
    expect((await get('/admin/xero/contacts/plan')).body).toEqual({
      items: [],
      nextCursor: null,
      total: 0,
      commandId: null,
      madeAt: null,
    })
    const asked = await post('/admin/xero/contacts/plan')
    expect(asked.status).toBe(202)
    expect((await get(asked.body.statusUrl)).body).toMatchObject({ name: 'contacts.plan', askedBy: 'ada@example.com' })
    const row = (action: string, name: string) => ({
      clientId: crypto.randomUUID(),
      name,
      action,
      contactId: null,
      reason: null,
      fields: [{ field: 'phone', ours: '1', theirs: null, goes: 'to-xero' }],
    })
    await rig.db.sql('select sync_contact_plan_keep($1, $2)', [
      asked.body.id,
      JSON.stringify([row('create', 'New'), row('ask', 'Two of them')]),
    ])
    await rig.db.sql(`update commands set state = 'done', started_at = now(), finished_at = now() where id = $1`, [
      asked.body.id,
    ])
    expect((await get('/admin/xero/contacts/plan')).body).toMatchObject({
      total: 2,
      commandId: asked.body.id,
      madeAt: expect.any(String),
    })
    expect((await get('/admin/xero/contacts/plan?action=ask')).body).toMatchObject({
      total: 1,
      items: [{ name: 'Two of them' }],
    })
  })
})

describe('contacts without a client', () => {
  it('are ignored, made a client, or said to be one', async () => {
    const [a, b, c] = [await contact('A'), await contact('B'), await contact('C')]
    const id = await client('Sea')
    expect((await get('/admin/xero/contacts/unknown?sort=-name')).body).toMatchObject({
      total: 3,
      items: [{ contactId: c }, { contactId: b }, { contactId: a }],
    })
    const answer = (contactId: string, body: object) => post(`/admin/xero/contacts/unknown/${contactId}`, body)
    expect((await answer(a, { ignore: true })).body).toEqual({ contactId: a, clientId: null })
    expect(pushed).toEqual([])
    const made = await answer(b, { create: true })
    expect((await get(`/admin/clients/${made.body.clientId}`)).body).toMatchObject({ name: 'B', xeroContactId: b })
    expect((await answer(c, { clientId: id })).body).toEqual({ contactId: c, clientId: id })
    await expect.poll(() => pushed, { timeout: 5_000 }).toEqual([[made.body.clientId], [id]])
    expect((await get('/admin/xero/contacts/unknown')).body.total).toBe(0)
    expect((await answer(a, { create: true })).status).toBe(404)
    expect((await answer(a, { ignore: true, create: true })).status).toBe(400)
  })
})

describe('one client', () => {
  it('is shown side by side with what is open about it', async () => {
    const { id, contactId, conflict } = await clash()
    await rig.db.sql(`update clients set xero_snapshot = '{"phone": "1"}' where id = $1`, [id])
    await rig.db.sql(`select sync_failures_record($1)`, [
      JSON.stringify([
        { entity: 'client', entityId: id, clientId: id, code: 'AFO-202', message: 'The name is 300 characters' },
      ]),
    ])
    const { status, body } = await get(`/admin/clients/${id}`)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({
      id,
      link: 'failed',
      ours: { phone: 'ours' },
      xero: { contactId, status: 'ACTIVE', fields: { phone: 'theirs' } },
      agreed: { phone: '1' },
      match: null,
      conflicts: [{ id: conflict }],
      failures: [{ code: 'AFO-202', title: 'The name is too long for Xero' }],
    })
    expect(body.xero.phones).toBeUndefined()
    expect((await get(`/admin/clients/${nobody}`)).status).toBe(404)
  })
})
