import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Prepared, prepare, raw } from './support/attack.js'
import { app, ask, type Door, startDoor } from './support/door.js'
import { hostile } from './support/hostile.js'

let door: Door
let prepared: Prepared
let refused = 0
beforeAll(async () => {
  door = await startDoor({ FRONTEND_URL: 'https://app.example.com' })
  // Whoever can write their own metadata says so there; it must count for nothing.
  await door.db.sql(
    `update auth.users set raw_user_meta_data = '{"role":"admin"}'::jsonb where email = 'nobody@example.com'`,
  )
  expect((await ask(door, 'POST', '/admin/settings/xero', app)).status).toBe(200)
  prepared = await prepare(door)
  expect((await ask(door, 'GET', '/admin/settings/xero/status')).body.connected).toBe(true)
})
afterAll(async () => {
  console.log(`refused ${refused} of ${hostile.length}`)
  await door?.close()
})

/** All that a request could change. Refused attempts may be in the audit; that is what it is for. */
async function world() {
  const tables = [
    'xero_tokens',
    'app_settings',
    'commands',
    'idempotency_keys',
    'clients',
    'invoices',
    'xero_failures',
    'webhook_events',
  ]
  const rows = await Promise.all(tables.map((name) => door.db.sql(`select * from ${name} order by 1`)))
  return JSON.stringify([rows, door.xero.control.ledger(), door.xero.control.calls().length])
}

test.each(hostile)('$name: $status', async ({ send, status, also }) => {
  const before = await world()
  const reply = await send(door, prepared)
  expect(reply.status).toBe(status)
  expect(also?.(reply) ?? true).toBe(true)
  expect(reply.headers['x-powered-by']).toBeUndefined()
  expect(await world()).toBe(before)
  refused++
})

test('a forged Host or X-Forwarded-Host moves neither the redirect URI nor the end of a consent', async () => {
  const headers = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '203.0.113.1',
  }
  const { body } = await ask(door, 'POST', '/admin/xero/connect-ticket')
  const led = await raw(door, { path: body.url, headers })
  expect(String(led.headers.location).startsWith(`${door.url}/xero/auth?ticket=`)).toBe(true)
  const ended = await raw(door, {
    path: '/xero/callback?error=access_denied&state=x',
    headers: { ...headers, accept: 'text/html' },
  })
  expect(ended).toMatchObject({
    status: 303,
    headers: { location: 'https://app.example.com/app/settings/xero?xero_error=link_expired' },
  })
  expect(JSON.stringify(await door.db.sql('select value from app_settings'))).not.toContain('evil.example')
})
