import { randomUUID } from 'node:crypto'
import { accepted, commandView } from '@afo/contracts'
import { Admin } from '@afo/sandbox/story'
import { connectDatabase, type Sql } from '@afo/sandbox/supabase'
import { type TestStack, testStack } from '@afo/testing'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'

/*
 * Every row of the catalogue that tells of the connection or of the platform, brought about on the whole stack, seen where a person looks, and gone
 * when its cause is. Two causes take days or minutes, so the rows that date them are dated back.
 */
let stack: TestStack
let admin: Admin
let sql: Sql
let redis: Redis

vi.setConfig({ testTimeout: 120_000 })
beforeAll(async () => {
  stack = await testStack({ environment: { TIME_SCALE: '60', NODE_ENV: 'test' } })
  const { gatewayUrl, supabaseUrl, publishableKey, admin: account, xeroApp, databaseUrl, redisUrl } = stack.details()
  if (!publishableKey || !account || !xeroApp || !databaseUrl) throw new Error('the stack has stand-ins of its own')
  sql = connectDatabase(databaseUrl, { max: 1 })
  redis = new Redis(redisUrl)
  admin = await Admin.signIn({ gatewayUrl, supabaseUrl, publishableKey, admin: account })
  await admin.saveCredentials(xeroApp)
}, 180_000)
afterAll(async () => {
  await sql?.end()
  redis?.disconnect()
  await stack?.close()
}, 60_000)
afterEach(async () => {
  await inXero('faults', undefined, 'DELETE')
  await patiently(troubles).toEqual([])
})

const patiently = (what: () => Promise<unknown>) => expect.poll(what, { timeout: 100_000, interval: 150 })
const overview = z.object({ troubles: z.array(z.object({ code: z.string(), remedy: z.string().min(10) })) })
const troubles = async () => (await admin.get('/admin/overview', overview)).troubles.map(({ code }) => code)
const ask = (path: string, body: object = {}) => admin.send('POST', path, body, accepted)
const command = (id: string) => admin.get(`/admin/commands/${id}`, commandView)
const failure = async (id: string) => {
  await patiently(async () => (await command(id)).state).toBe('failed')
  return (await command(id)).problem?.failure
}
const pause = (service: string) => admin.send('POST', '/admin/pause', { service, reason: 'Stocktaking' }, z.unknown())
const resume = (service: string) => admin.send('POST', '/admin/resume', { service }, z.unknown())
const done = async (id: string) => patiently(async () => (await command(id)).state).toBe('done')

/** A run that was asked for hours ago and is at its last attempt. */
async function triedForHours(name: string, service: string): Promise<string> {
  const id = randomUUID()
  const at = new Date().toISOString()
  const none = { tenantId: null, causationId: null, traceparent: null }
  const message = {
    id,
    name,
    version: 1,
    key: id,
    correlationId: id,
    ...none,
    at,
    firstSeenAt: at,
    attempt: 30,
    body: {},
  }
  await sql`insert into commands (id, name, body, asked_by, triggered_by, published_at) values (${id}, ${name}, '{}', 'ada', 'manual', now())`
  await redis.xadd(`{afo}:commands.${service}`, '*', 'm', JSON.stringify(message))
  return id
}

/** Sends what this service could not handle on its way again. */
async function redrive(service: string): Promise<void> {
  const { items } = await admin.get('/admin/dead-letters', z.object({ items: z.array(z.object({ id: z.string() })) }))
  await admin.send('POST', '/admin/dead-letters/redrive', { service, ids: items.map(({ id }) => id) }, z.unknown())
}

async function inXero(path: string, body?: object, method = 'POST'): Promise<void> {
  const init = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}
  const response = await fetch(`${stack.details().xeroUrl}/_sandbox/${path}`, { method, ...init })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
}

/** While these processes stand still. */
async function frozen(pids: readonly number[], act: () => Promise<void>): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    await act()
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}
const pidsOf = (service: string) =>
  stack.details().processes.flatMap(({ name, pid }) => (name === service ? [pid] : []))

test("'AFO-102': the consent left out what a step needs", async () => {
  await admin.connect({ scopes: 'openid profile email offline_access accounting.contacts' })
  const { id } = await ask('/admin/xero/sync-items')
  await patiently(troubles).toEqual(['AFO-102'])
  await admin.connect()
  await done(id)
})

test("'AFO-101': somebody removes the connection inside Xero; what waited goes on when an admin has connected again", async () => {
  await inXero('disconnect', {})
  const { id } = await ask('/admin/xero/sync-items')
  await patiently(troubles).toEqual(['AFO-101'])
  await admin.connect()
  await done(id)
})

test("'AFO-103': nobody has used the connection for 54 days", async () => {
  const [{ at } = { at: new Date() }] = await sql<
    { at: Date }[]
  >`select refreshed_at as at from xero_tokens where selected`
  await sql`update xero_tokens set refreshed_at = now() - interval '54 days'`
  expect(await troubles()).toEqual(['AFO-103'])
  await sql`update xero_tokens set refreshed_at = ${at}`
})

test("'AFO-104': somebody makes the client secret anew at Xero; the right one ends it as it is saved", async () => {
  const { xeroApp, gatewayUrl } = stack.details()
  const redirectUris = [new URL('/xero/callback', gatewayUrl).href]
  await inXero('apps', { ...xeroApp, redirectUris, clientSecret: 'made anew' })
  await sql`update xero_tokens set expires_at = now()`
  await expect(admin.get('/admin/xero/organisations', z.unknown())).rejects.toThrow('client id and secret')
  expect(await troubles()).toEqual(['AFO-104'])
  await admin.saveCredentials({ clientId: xeroApp?.clientId ?? '', clientSecret: 'made anew' })
  expect(await troubles()).toEqual([])
})

test("'AFO-601': the day's calls are used up", async () => {
  await inXero('faults', { kind: 'rate-limit-day', ms: 1_000 })
  const { id } = await ask('/admin/xero/sync-items')
  await patiently(troubles).toEqual(['AFO-601'])
  await done(id)
})

test("'AFO-602' and 'AFO-603': Xero answers nothing, however often a run asks; its dead letter is sent on its way again", async () => {
  await inXero('faults', { kind: 'error-503', times: 0, match: { path: '/Items' } })
  expect(await failure(await triedForHours('items.import', 'item-sync'))).toBe('AFO-602')
  expect(await troubles()).toEqual(['AFO-603'])
  await inXero('faults', undefined, 'DELETE')
  await redrive('item-sync')
  await done((await ask('/admin/xero/sync-items')).id)
})

test("'AFO-602': a run is tried again for long, and says why; it is done when Xero answers", async () => {
  await inXero('faults', { kind: 'error-503', times: 0, match: { path: '/Items' } })
  const { id } = await ask('/admin/xero/sync-items')
  await patiently(async () => (await command(id)).problem?.failure).toBe('AFO-602')
  await sql`update commands set created_at = created_at - interval '11 minutes' where id = ${id}`
  await patiently(troubles).toEqual(['AFO-602'])
  await inXero('faults', undefined, 'DELETE')
  await done(id)
  expect((await command(id)).problem).toBeNull()
})

test("'AFO-605': a setting forbids the run", async () => {
  const switches = (invoices: boolean) => admin.send('PUT', '/admin/settings/sync', { invoices }, z.unknown())
  await switches(false)
  expect(await failure((await ask('/admin/xero/sync-invoices')).id)).toBe('AFO-605')
  await switches(true)
  await done((await ask('/admin/xero/sync-invoices')).id)
})

test("'AFO-606': somebody has paused a service", async () => {
  await pause('item-sync')
  expect(await troubles()).toEqual(['AFO-606'])
  await resume('item-sync')
})

test('Redis is wiped while runs wait: they are found again and done, and nobody had to ask', async () => {
  await pause('item-sync')
  const asked = await Promise.all(Array.from({ length: 20 }, () => ask('/admin/xero/sync-items')))
  await redis.flushall()
  await resume('item-sync')
  for (const { id } of asked) await done(id)
})

test("'AFO-607': a service stands still", async () => {
  await frozen(pidsOf('item-sync'), async () => {
    const { id } = await ask('/admin/xero/sync-items')
    await sql`update commands set created_at = created_at - interval '11 minutes' where id = ${id}`
    expect(await troubles()).toEqual(['AFO-607'])
  })
})

test("'AFO-608': Redis stands still", async () => {
  const [, pid] = /process_id:(\d+)/.exec(await redis.info('server')) ?? []
  // A schedule whose tick falls into it waits, and that is told as well.
  await frozen([Number(pid)], () => patiently(troubles).toContain('AFO-608'))
})

test("'AFO-699': the database answers what the program can't read", async () => {
  const [{ made } = { made: '' }] = await sql<
    { made: string }[]
  >`select pg_get_functiondef('sync_payments_open'::regproc) as made`
  await sql.unsafe(made.replace(/\$function\$[\s\S]*\$function\$/, "$function$ select '{}'::jsonb $function$"))
  expect(await failure((await ask('/admin/xero/sync-payments')).id)).toBe('AFO-699')
  await sql.unsafe(made)
  await redrive('payments')
  await done((await ask('/admin/xero/sync-payments')).id)
})
