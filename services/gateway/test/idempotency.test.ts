import { randomUUID } from 'node:crypto'
import { signIn } from '@afo/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.close())

const commands = () => rig.db.sql<{ id: string }>('select id::text from commands order by created_at')
const post = (path: string, key: string, body: unknown = {}, token = rig.tokens.admin) =>
  ask(rig, 'POST', path, { body, token, headers: { 'idempotency-key': key } })

describe('Idempotency-Key', () => {
  it('gives the same request the same answer, and commands once, however many come at once', async () => {
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('/admin/xero/sync-items', key)))
    const taken = answers.filter(({ status }) => status === 202)
    const busy = answers.filter(({ status }) => status === 409)
    expect(taken.length + busy.length).toBe(12)
    expect(taken.length).toBeGreaterThan(0)
    for (const { body, headers } of busy) {
      expect(body.code).toBe('idempotency-key-in-use')
      expect(headers.get('retry-after')).toBe('1')
    }
    const again = await post('/api/admin/xero/sync-items', key)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    for (const { body } of taken) expect(body).toEqual(again.body)
    expect((await commands()).map(({ id }) => id)).toEqual([again.body.id])
  })

  it('refuses the key for another body, path or query with 422', async () => {
    const key = randomUUID()
    expect((await post('/admin/xero/sync-clients', key, { full: true })).status).toBe(202)
    for (const [path, body] of [
      ['/admin/xero/sync-clients', { full: false }],
      ['/admin/xero/sync-payments', { full: true }],
    ] as const) {
      const other = await post(path, key, body)
      expect(other.status).toBe(422)
      expect(other.body.code).toBe('idempotency-key-reused')
    }
  })

  it('is each person’s own', async () => {
    const key = randomUUID()
    await rig.db.createUser({ email: 'grace@example.com', password: 'correct horse battery staple', admin: true })
    const grace = await signIn(rig.db, 'grace@example.com')
    const ours = await post('/admin/xero/sync-items', key)
    const hers = await post('/admin/xero/sync-items', key, {}, grace)
    expect(hers.status).toBe(202)
    expect(hers.body.id).not.toBe(ours.body.id)
  })

  it('lets the same key try again after a refusal', async () => {
    const key = randomUUID()
    const body = { costCenterId: randomUUID() }
    expect((await post('/admin/invoices', key, body)).status).toBe(404)
    await rig.db.sql(`insert into cost_centers (id, name) values ($1, 'Labor')`, [body.costCenterId])
    expect((await post('/admin/invoices', key, body)).status).toBe(202)
  })

  it('lands on the same command when the process died in between, once its lease is over', async () => {
    const key = randomUUID()
    const first = await post('/admin/xero/sync-items', key)
    const died = (lease: string) =>
      rig.db.sql(
        `update idempotency_keys set status = null, answer = null, lease_until = now() + $2::interval where key = $1`,
        [key, lease],
      )
    await died('10 seconds')
    expect((await post('/admin/xero/sync-items', key)).status).toBe(409)
    await died('-1 seconds')
    const second = await post('/admin/xero/sync-items', key)
    expect(second.status).toBe(202)
    expect(second.headers.get('idempotent-replayed')).toBeNull()
    expect(second.body).toEqual(first.body)
  })

  it('forgets after 24 hours: the key then means a new command', async () => {
    const key = randomUUID()
    const first = await post('/admin/xero/sync-items', key)
    await rig.db.sql(`update idempotency_keys set started_at = now() - interval '24 hours 1 second' where key = $1`, [
      key,
    ])
    const second = await post('/admin/xero/sync-items', key)
    expect(second.status).toBe(202)
    expect(second.body.id).not.toBe(first.body.id)
  })

  it('is known for longer where the settings say so', async () => {
    const key = randomUUID()
    const first = await post('/admin/xero/sync-items', key)
    await ask(rig, 'PUT', '/admin/settings/retention', { body: { idempotencyKeys: 3 } })
    const old = (days: number) =>
      rig.db.sql(`update idempotency_keys set started_at = now() - make_interval(days => $2::int) where key = $1`, [
        key,
        days,
      ])
    await old(2)
    expect((await post('/admin/xero/sync-items', key)).body).toEqual(first.body)
    await old(4)
    expect((await post('/admin/xero/sync-items', key)).body.id).not.toBe(first.body.id)
  })
})
