import { createHmac } from 'node:crypto'
import type { Bus } from '@afo/bus'
import type { Message } from '@afo/contracts'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'
import { startServices } from './services.js'

const key = 'a webhook key'
const tenant = 'tenant-1'
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

let rig: Rig
let services: Awaited<ReturnType<typeof startServices>>
let bus: Bus
const heard: Message[] = []
let wake = () => {}

beforeAll(async () => {
  services = await startServices(key)
  rig = await startRig({ environment: { XERO_AUTH_URL: services.url } })
  await rig.db.sql(
    `insert into xero_tokens (tenant_id, selected, access_token, refresh_token, expires_at) values ($1, true, 'x', 'x', now())`,
    [tenant],
  )
  bus = await rig.peer('contact-sync')
  bus.consume({
    handlers: {
      'contacts.pull': async (message) => {
        heard.push(message)
        wake()
        return []
      },
    },
  })
})
afterAll(async () => {
  await bus?.close()
  await rig?.close()
  await services?.close()
})

const post = (body: unknown, sign = key) => {
  const raw = typeof body === 'string' ? body : JSON.stringify(body)
  const signature = createHmac('sha256', sign).update(raw).digest('base64')
  return ask(rig, 'POST', '/xero/webhooks', {
    raw,
    token: null,
    headers: { 'content-type': 'application/json', 'x-xero-signature': signature },
  })
}
const event = (n: number, more: object = {}) => ({
  resourceUrl: 'https://api.xero.com/api.xro/2.0/Contacts/x',
  resourceId: id(n),
  eventDateUtc: '2026-11-23T02:00:00.000',
  eventType: 'UPDATE',
  eventCategory: 'CONTACT',
  tenantId: tenant,
  tenantType: 'ORGANISATION',
  ...more,
})
const delivery = (...events: object[]) => ({ events, firstEventSequence: 1, lastEventSequence: 1, entropy: 'X' })
const remembered = async () => Number((await rig.db.sql('select count(*)::int as n from webhook_events'))[0]?.n)

describe('POST /xero/webhooks', () => {
  it('passes the intent to receive: 200 for a right signature, 401 for a wrong one, both empty and without a cookie', async () => {
    for (const [sign, status] of [
      [key, 200],
      ['another key', 401],
    ] as const) {
      const answer = await post(delivery(), sign)
      expect([answer.status, answer.body]).toEqual([status, ''])
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
  })

  it('pulls a changed contact once, however often it is told; others’ organisations are no business of ours', async () => {
    const told = delivery(
      event(1),
      event(1),
      event(2, { tenantId: 'another' }),
      event(3, { eventCategory: 'SUBSCRIPTION' }),
    )
    expect((await post(told)).status).toBe(200)
    expect((await post(told)).status).toBe(200)
    expect((await post(delivery(event(4)))).status).toBe(200)
    while (heard.length < 2) await new Promise<void>((resolve) => (wake = resolve))
    expect(heard.map(({ body }) => body)).toEqual(
      [1, 4].map((n) => ({ contactIds: [id(n)], changedAt: { [id(n)]: '2026-11-23T02:00:00.000Z' } })),
    )
    expect(heard[0]?.tenantId).toBe(tenant)
    expect(await remembered()).toBe(2)
  })

  it('costs nothing where what we have read is as new: the echo of our own write', async () => {
    const told = heard.length
    await rig.db.sql(
      `insert into xero_contacts (contact_id, status, fields, updated_at) values ($1, 'ACTIVE', '{}', '2026-11-23T02:00:00Z')`,
      [id(5)],
    )
    const later = { eventDateUtc: '2026-11-23T02:00:00.001' }
    expect((await post(delivery(event(5), event(6, later)))).status).toBe(200)
    expect((await post(delivery(event(5, later)))).status).toBe(200)
    while (heard.length < told + 2) await new Promise<void>((resolve) => (wake = resolve))
    expect(heard.slice(told).map(({ body }) => body)).toEqual(
      [6, 5].map((n) => ({ contactIds: [id(n)], changedAt: { [id(n)]: '2026-11-23T02:00:00.001Z' } })),
    )
  })

  it('does nothing on a wrong signature', async () => {
    const before = await remembered()
    expect((await post(delivery(event(9)), 'another key')).status).toBe(401)
    expect(await remembered()).toBe(before)
  })

  it('refuses signed nonsense', async () => {
    expect((await post('{"events":')).status).toBe(400)
    expect((await post({ events: [{ resourceId: 'x' }] })).status).toBe(400)
  })

  it('asks to be told again while the vault is away', async () => {
    await services.close()
    expect((await post(delivery(event(10)))).status).toBe(503)
  })
})
