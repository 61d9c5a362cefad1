import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.close())

const count = async () => Number((await rig.db.sql('select count(*)::int as n from commands'))[0]?.n)

describe('commands', () => {
  it('are written down, published, answered with 202 and where to look', async () => {
    const asked = await ask(rig, 'POST', '/admin/xero/sync-clients', { body: { full: true } })
    expect(asked.status, JSON.stringify(asked.body) + rig.lines.slice(-3).join('')).toBe(202)
    expect(asked.body.statusUrl).toBe(`/admin/commands/${asked.body.id}`)
    const seen = await ask(rig, 'GET', `/api${asked.body.statusUrl}`)
    expect(seen.body).toMatchObject({
      name: 'contacts.sync',
      body: { full: true },
      state: 'queued',
      askedBy: 'ada@example.com',
    })
  })

  it('run once under one key, whoever asks at the same time', async () => {
    const before = await count()
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        ask(rig, 'POST', '/admin/xero/sync-items', { headers: { 'idempotency-key': key } }),
      ),
    )
    expect([202, 409]).toEqual(expect.arrayContaining([...new Set(answers.map(({ status }) => status))]))
    const again = await ask(rig, 'POST', '/api/admin/xero/sync-items', { headers: { 'idempotency-key': key } })
    expect(again.status).toBe(202)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    for (const { status, body } of answers) if (status === 202) expect(body).toEqual(again.body)
    expect(await count()).toBe(before + 1)
  })
})
