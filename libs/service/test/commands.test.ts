import type { Bus } from '@afo/bus'
import { createDb, type Db } from '@afo/db'
import { AppError, newId, Secret, timeScale } from '@afo/kit'
import { buryCommand, failCommand, republishStranded } from '@afo/service'
import { type TestDatabase, testDatabase } from '@afo/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await testDatabase()
  db = createDb({ url: database.supabaseUrl, key: new Secret(database.secretKey), timeoutMs: 15_000 })
})
afterAll(() => database?.close())

const start = (id: string, owner: string, beatMs: number) =>
  db.rpc('sync_command_start', {
    p_id: id,
    p_name: 'items.import',
    p_body: {},
    p_owner: owner,
    p_triggered_by: 'manual',
    p_beat_ms: beatMs,
  })
const end = (id: string, owner: string, state: 'done' | 'cancelled') =>
  db.rpc('sync_command_finish', { p_id: id, p_state: state, p_result: null, p_problem: null, p_owner: owner })
const beat = (id: string, owner: string) => db.rpc('sync_command_beat', { p_id: id, p_owner: owner, p_progress: null })

test('a command belongs to one process; who is replaced can neither end, fail nor cancel it', async () => {
  const id = newId()
  expect(await start(id, 'a', 60_000)).toMatchObject({ go: true })
  expect(await start(id, 'b', 60_000)).toMatchObject({ go: false, why: 'busy' })
  // A's beat counts as late at once: B takes over.
  expect(await start(id, 'b', 0)).toMatchObject({ go: true })
  expect(await beat(id, 'a')).toBe(false)
  expect(await end(id, 'a', 'cancelled')).toBe(false)
  expect(await end(id, 'a', 'done')).toBe(false)
  expect(await failCommand(db, id, new Error('late'), 'a')).toBe(false)
  expect(await beat(id, 'b')).toBe(true)
  expect(await end(id, 'b', 'done')).toBe(true)
  expect(await start(id, 'c', 0)).toMatchObject({ go: false, why: 'ended', state: 'done' })
})

describe('a command whose message is dead', () => {
  const { signal } = new AbortController()
  const bury = (id: string) =>
    buryCommand({ db, scale: timeScale(60, false), signal }, id, new AppError('unavailable', 'Xero is away'))
  const row = async (id: string) =>
    (await database.sql("select state, problem ->> 'detail' as why from commands where id = $1", [id]))[0]

  test('fails, whether it waits or whoever worked on it is gone', async () => {
    const [gone, waiting] = [newId(), newId()]
    for (const id of [gone, waiting]) await start(id, 'a', 60_000)
    await database.sql("update commands set heartbeat_at = now() - interval '2 seconds' where id = $1", [gone])
    await db.rpc('sync_command_release', {
      p_id: waiting,
      p_owner: 'a',
      p_problem: { detail: 'Redis is away' } as never,
    })
    expect(await row(waiting)).toEqual({ state: 'queued', why: 'Redis is away' })
    expect([await bury(gone), await bury(waiting)]).toEqual([true, true])
    expect(await row(gone)).toEqual({ state: 'failed', why: 'Xero is away' })
    expect(await row(waiting)).toEqual({ state: 'failed', why: 'Xero is away' })
  })

  test('fails a little later where its handling ran out of time a moment ago', async () => {
    const id = newId()
    await start(id, 'a', 60_000)
    expect(await bury(id)).toBe(true)
  })

  test('stays with the peer that works on it', async () => {
    const id = newId()
    await start(id, 'a', 60_000)
    const working = setInterval(() => void beat(id, 'a'), 200)
    expect(await bury(id)).toBe(false)
    clearInterval(working)
    expect(await end(id, 'a', 'done')).toBe(true)
    expect(await row(id)).toEqual({ state: 'done', why: null })
  })
})

test('a tick is taken once, and its command is written down in the same step', async () => {
  const take = (tick: string) =>
    db.rpc('sync_schedule_take', {
      p_name: 'nightly',
      p_tick: tick,
      p_next: '2020-11-25T02:00:00Z',
      p_command_id: newId(),
      p_command: 'items.import',
      p_body: {},
    })
  expect(await take('2020-11-23T02:00:00Z'), 'the first sight only records it').toBeNull()
  const rows = await Promise.all(Array.from({ length: 8 }, () => take('2020-11-24T02:00:00Z')))
  const [row, ...others] = rows.filter((it) => it !== null)
  expect(others).toEqual([])
  expect(row).toMatchObject({ name: 'items.import', triggeredBy: 'scheduled', state: 'queued' })
  expect(await database.sql('select id from commands where id = $1', [row?.id ?? ''])).toHaveLength(1)
})

test("a replica whose clock runs ahead takes no tick of tomorrow, so that today's comes", async () => {
  const take = (tick: string) =>
    db.rpc('sync_schedule_take', {
      p_name: 'hourly',
      p_tick: tick,
      p_next: tick,
      p_command_id: newId(),
      p_command: 'items.import',
      p_body: {},
    })
  await database.sql('delete from commands')
  await take('2020-01-01T00:00:00Z')
  expect(await take(new Date(Date.now() + 86_400_000).toISOString())).toBeNull()
  expect(await take(new Date().toISOString())).toMatchObject({ name: 'items.import' })
})

describe('what may be on no stream', () => {
  const id = newId()
  beforeEach(async () => {
    await database.sql('delete from commands')
    const [p_name, p_asked_by, p_triggered_by] = ['items.import', 'ada', 'manual'] as const
    await db.rpc('sync_command_accept', { p_id: id, p_name, p_body: {}, p_asked_by, p_triggered_by })
    await take('first')
    await database.sql("update sync_streams set seen_at = now() - interval '1 day'")
  })
  const take = async (epoch: string) => {
    const times = { p_queued_ms: 30_000, p_running_ms: 60_000, p_most_ms: 3_600_000 }
    return (await db.rpc('sync_commands_republish', { p_epoch: epoch, ...times, p_limit: 9 })).length
  }
  const publish = async (epoch: string) => {
    const found = await take(epoch)
    if (found > 0) await db.rpc('sync_command_published', { p_id: id })
    return found
  }
  const age = (created: number, published: number) =>
    database.sql(
      `update commands set created_at = now() - interval '${created} seconds', published_at = now() - interval '${published} seconds'`,
    )

  test('what waits is published again ever more rarely, once an hour at least; after a wipe at once', async () => {
    await age(31, 31)
    expect([await publish('first'), await publish('first')]).toEqual([1, 0])
    await age(100, 40)
    expect(await publish('first'), 'once a minute old, a minute later').toBe(0)
    await age(100, 51)
    expect(await publish('first')).toBe(1)
    await age(90_000, 3_599)
    expect(await publish('first')).toBe(0)
    await age(90_000, 3_601)
    expect(await publish('first')).toBe(1)
    await age(1_000, 10)
    expect([await publish('second'), await publish('second')]).toEqual([1, 0])
  })

  test('what was never published is, half a minute later', async () => {
    const accepted = (seconds: number) =>
      database.sql(`update commands set created_at = now() - interval '${seconds} seconds', published_at = null`)
    await accepted(29)
    expect(await publish('first')).toBe(0)
    await accepted(31)
    expect(await publish('first')).toBe(1)
  })

  test('who takes it and can not publish it keeps it from the others for a moment only, however old it is', async () => {
    await age(36_000, 10)
    expect([await take('third'), await take('third')]).toEqual([1, 0])
    await database.sql("update commands set publishing_since = now() - interval '31 seconds'")
    expect(await publish('third')).toBe(1)
    expect(await publish('third')).toBe(0)
  })

  test('however many were lost with Redis, one look finds them all', async () => {
    await database.sql(
      `insert into commands (id, name, body, asked_by, triggered_by, state, published_at)
       select gen_random_uuid(), 'items.import', '{}', 'ada', 'manual', 'queued', now() - interval '1 second' from generate_series(1, 250)`,
    )
    const published: string[] = []
    // Only what is published counts here, and to be wiped needs no Redis: another name is enough.
    const bus = {
      epoch: async () => 'wiped',
      publish: async (messages: readonly { key: string }[]) => void published.push(...messages.map(({ key }) => key)),
    } as unknown as Bus
    const { signal } = new AbortController()
    const after = { queuedMs: 30_000, runningMs: 60_000, mostMs: 3_600_000 }
    expect(await republishStranded({ db, bus }, after, signal)).toBe(250)
    expect(new Set(published).size).toBe(250)
    expect(await republishStranded({ db, bus }, after, signal)).toBe(0)
  })

  test('a wipe after it was published again, and before that was written down, is noticed', async () => {
    await age(36_000, 10)
    expect(await take('fourth')).toBe(1)
    expect(await take('fifth')).toBe(0)
    await db.rpc('sync_command_published', { p_id: id })
    expect(await take('fifth')).toBe(1)
  })
})

test('half of a character, and NUL, reach the database as what it can hold', async () => {
  const half = 'cut 😀'.slice(0, 5)
  await db.rpc('sync_cursor_write', { p_name: `half ${half}`, p_value: { text: `${half}\0`, list: [half] } })
  expect(await db.rpc('sync_cursor_read', { p_name: 'half cut \ufffd' })).toEqual({
    text: 'cut \ufffd',
    list: ['cut \ufffd'],
  })
})
