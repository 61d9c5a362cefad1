import { randomUUID } from 'node:crypto'
import { sleep, timeScale } from '@afo/kit'
import { quiet, redisScripts, type TestRedis, testRedis } from '@afo/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLimiter, defaultLimits, type Limiter, type Limits, type RunScript } from '../src/limiter.js'
import type { Priority } from '../src/priority.js'
import { readQuota } from '../src/quota.js'
import { limiterKeys, releaseScript } from '../src/scripts.js'

/** A minute of 3 s, leases of 2 s. */
const factor = 20
const windowMs = 60_000 / factor

let redis: TestRedis
let replicas: Awaited<ReturnType<typeof redisScripts>>[]
let tenant = ''
const limiters: Limiter[] = []

beforeAll(async () => {
  redis = await testRedis()
  replicas = await Promise.all(Array.from({ length: 4 }, () => redisScripts(redis.url)))
})
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()))
  await redis.close()
})

const bus = (replica = 0) => {
  const found = replicas[replica]
  if (!found) throw new Error(`no replica ${replica}`)
  return found
}
const flush = () => bus().runScript("return redis.call('FLUSHALL')", ['x'], [])
beforeEach(() => {
  tenant = randomUUID()
})
afterEach(() => {
  for (const limiter of limiters.splice(0)) limiter.close()
})

function limiterOf(
  replica = 0,
  limits: Partial<Limits> = {},
  by = factor,
  runScript: RunScript = bus(replica).runScript,
): Limiter {
  const limiter = createLimiter({
    runScript,
    service: 'invoicing',
    limits: { ...defaultLimits, ...limits },
    scale: timeScale(by, false),
    log: quiet,
  })
  limiters.push(limiter)
  return limiter
}

const silent = { sent: true, minuteRemaining: null, dayRemaining: null, pause: null }
const answered = { ...silent, minuteRemaining: 40 }

async function granted(limiter: Limiter, priority: Priority = 'schedule') {
  const permit = await limiter.acquire(tenant, priority, 'command')
  if (!permit.granted) throw new Error(`refused: ${permit.reason}`)
  return permit
}

/** The probe that every empty Redis begins with, told how much is left. */
const probe = async (limiter: Limiter, said: Partial<typeof silent> | object = {}) =>
  (await granted(limiter)).release({ ...silent, minuteRemaining: 59, ...said })

describe('an empty Redis', () => {
  it('is met with one probe after a pause in which running calls can report', async () => {
    const limiter = limiterOf()
    const began = performance.now()
    const first = await granted(limiter)
    expect(performance.now() - began).toBeGreaterThanOrEqual(300)
    const second = limiter.acquire(tenant, 'person', 'command')
    expect(await Promise.race([second, sleep(200).then(() => 'waits')])).toBe('waits')
    await first.release({ ...silent, minuteRemaining: 59 })
    const permit = await second
    expect(permit.granted).toBe(true)
    if (permit.granted) await permit.release(silent)
  })

  it('is filled with what Xero says was called before', async () => {
    const limiter = limiterOf(0, { maxWaitMs: 1 })
    await probe(limiter, { minuteRemaining: 3 })
    for (let i = 0; i < 3; i++) await (await granted(limiter)).release(silent)
    expect(await limiter.acquire(tenant, 'person', 'command')).toMatchObject({ granted: false, reason: 'minute' })
    expect((await readQuota(bus().runScript, tenant)).minute).toMatchObject({ limit: 60, used: 60 })
  })

  it('asks again, one call at a time, until all that Xero counts is explained', async () => {
    const limiter = limiterOf()
    await probe(limiter, { minuteRemaining: 30 })
    expect((await readQuota(bus().runScript, tenant)).minute.used).toBe(30)
    const second = await granted(limiter)
    const third = granted(limiter)
    expect(await Promise.race([third, sleep(150).then(() => 'waits')])).toBe('waits')
    // The others have left Xero's minute.
    await second.release({ ...silent, minuteRemaining: 58 })
    await Promise.all([third, granted(limiter), granted(limiter)])
    expect((await readQuota(bus().runScript, tenant)).minute.used).toBe(5)
  })

  it('asks so for one window only, since what happened before it is over then', async () => {
    const limiter = limiterOf()
    await probe(limiter, { minuteRemaining: 30 })
    await sleep(windowMs + 100)
    await Promise.all([granted(limiter), granted(limiter)])
    expect((await readQuota(bus().runScript, tenant)).minute.used).toBe(2)
  })

  it('asks again when the probe had no answer', async () => {
    const limiter = limiterOf()
    await (await granted(limiter)).release(silent)
    const second = await granted(limiter)
    const third = limiter.acquire(tenant, 'person', 'command')
    expect(await Promise.race([third, sleep(150).then(() => 'waits')])).toBe('waits')
    await second.release({ ...silent, minuteRemaining: 10 })
    expect(await third).toMatchObject({ granted: true })
  })

  it('tells who waits behind another that the minute is used up, and for how long', async () => {
    const limiter = limiterOf()
    await probe(limiter, { minuteRemaining: 0 })
    const given = new AbortController()
    const first = limiter.acquire(tenant, 'schedule', 'command', given.signal)
    const behind = await limiter.acquire(tenant, 'reconcile', 'command', AbortSignal.timeout(100))
    expect(behind).toMatchObject({ granted: false, reason: 'minute' })
    expect(behind.granted ? 0 : behind.retryAfterMs).toBeGreaterThan(windowMs / 2)
    given.abort()
    expect(await first).toMatchObject({ granted: false })
  })

  it('takes no call for counted that Xero never answered', async () => {
    const [alive, dead] = [limiterOf(0), limiterOf(1)]
    await probe(alive)
    await sleep(1_200)
    for (let i = 0; i < 2; i++) await granted(dead)
    dead.close() // killed before it sent them, for all that anybody knows
    await sleep(2_100)
    await (await granted(alive)).release(answered)
    await sleep(300)
    await flush()
    // Xero counts this, the one before it, and two that were made by another that has died.
    await probe(alive, { minuteRemaining: 60 - 4 })
    const strangers = await bus().runScript("return redis.call('HGET', KEYS[1], 'strangers')", limiterKeys(tenant), [])
    expect(strangers).toBe('2')
  })

  it('is told of a call whose end could not be told', async () => {
    // A lost release can't be brought about from outside without losing all else.
    const losing: RunScript = (lua, keys, args) =>
      lua === releaseScript ? Promise.reject(new Error('lost')) : bus().runScript(lua, keys, args)
    const permit = await granted(limiterOf(0, {}, factor, losing))
    await flush()
    await permit.release(answered)
    await vi.waitFor(async () => expect((await readQuota(bus().runScript, tenant)).minute.used).toBe(1), {
      timeout: 5_000,
    })
  })

  it('learns of running calls by their renewal, after a wipe in their midst', async () => {
    const [limiter, other] = [limiterOf(0), limiterOf(1)]
    await probe(limiter)
    const running = [await granted(limiter), await granted(limiter), await granted(limiter)]
    await flush()
    // Three run and one probe at a time: the probe waits for the three.
    const asked = other.acquire(tenant, 'person', 'command')
    expect(await Promise.race([asked, sleep(700).then(() => 'waits')])).toBe('waits')
    for (const permit of running) await permit.release(silent)
    expect(await asked).toMatchObject({ granted: true })
  })
})

it('believes the probe alone, not a call that was answered before the wipe', async () => {
  const [limiter, other] = [limiterOf(0), limiterOf(1)]
  await probe(limiter)
  const before = await granted(limiter)
  await flush()
  const after = granted(other, 'person')
  await before.release({ ...silent, minuteRemaining: 58, dayRemaining: 900 })
  const asked = await after
  const next = limiter.acquire(tenant, 'person', 'command')
  expect(await Promise.race([next, sleep(200).then(() => 'waits')])).toBe('waits')
  await asked.release({ ...silent, minuteRemaining: 20 })
  expect(await next).toMatchObject({ granted: true })
  expect((await readQuota(bus().runScript, tenant)).minute.used).toBeGreaterThanOrEqual(40)
})

it('remembers through a wipe what each replica called, to the moment', async () => {
  const [limiter, other] = [limiterOf(0), limiterOf(1)]
  await probe(limiter)
  for (let i = 0; i < 9; i++) await (await granted(i % 2 ? limiter : other)).release(answered)
  await sleep(windowMs / 2)
  await flush()
  // Xero counts the ten and two of a replica that has died since.
  await probe(limiter, { minuteRemaining: 60 - 13 })
  expect((await readQuota(bus().runScript, tenant)).minute.used).toBe(13)
  // The ten leave the window when they would have; the probe and the two unknown, of which only now is certain, a window from now.
  await sleep(windowMs / 2)
  expect((await readQuota(bus().runScript, tenant)).minute.used).toBe(3)
})

describe('slots', () => {
  it('are 5 over all replicas, and free again when released', async () => {
    await probe(limiterOf())
    const all = await Promise.all([0, 1, 2, 3, 0].map((replica) => granted(limiterOf(replica))))
    const sixth = limiterOf(1).acquire(tenant, 'person', 'command')
    expect(await Promise.race([sixth, sleep(200).then(() => 'waits')])).toBe('waits')
    await all[0]?.release(silent)
    expect(await sixth).toMatchObject({ granted: true })
  })

  it('come back from a process that died, when its leases end', async () => {
    const [alive, dead] = [limiterOf(0), limiterOf(1)]
    await probe(alive)
    for (let i = 0; i < 5; i++) await granted(dead)
    dead.close() // as in a killed process, nobody renews
    const began = performance.now()
    expect(await alive.acquire(tenant, 'person', 'command')).toMatchObject({ granted: false, reason: 'concurrent' })
    await sleep(Math.max(0, 2_000 - (performance.now() - began)))
    expect(await alive.acquire(tenant, 'person', 'command')).toMatchObject({ granted: true })
  })

  it('are kept by a call that runs longer than its lease', async () => {
    const limiter = limiterOf()
    await probe(limiter)
    for (let i = 0; i < 5; i++) await granted(limiter)
    await sleep(2_400)
    expect((await readQuota(bus().runScript, tenant)).concurrent.used).toBe(5)
  })

  it('and the line are left by who gives up', async () => {
    const limiter = limiterOf(0)
    await probe(limiter)
    for (let i = 0; i < 5; i++) await granted(limiter)
    const given = new AbortController()
    const waiting = limiter.acquire(tenant, 'person', 'command', given.signal)
    given.abort()
    expect(await waiting).toMatchObject({ granted: false })
    expect((await readQuota(bus().runScript, tenant)).concurrent.waiting).toBe(0)
  })
})

describe('the day', () => {
  it('keeps a floor for people', async () => {
    const limiter = limiterOf(0, { dayFloor: 10, maxWaitMs: 1 })
    await probe(limiter, { dayRemaining: 11 })
    await (await granted(limiter)).release(silent)
    expect(await limiter.acquire(tenant, 'invoice', 'command')).toMatchObject({ granted: false, reason: 'budget' })
    await (await granted(limiter, 'person')).release({ ...silent, dayRemaining: 0 })
    expect(await limiter.acquire(tenant, 'person', 'command')).toMatchObject({ granted: false, reason: 'day' })
    expect(await limiter.blocked(tenant)).toBe(true)
  })

  it('is believed when it begins anew, not when answers overtake each other', async () => {
    const limiter = limiterOf()
    await probe(limiter, { dayRemaining: 100 })
    const left = async () => (await readQuota(bus().runScript, tenant)).day.remaining
    const [a, b] = [await granted(limiter), await granted(limiter)]
    expect(await left()).toBe(98)
    await b.release({ ...silent, dayRemaining: 98 })
    await a.release({ ...silent, dayRemaining: 99 })
    expect(await left()).toBe(98)
    await (await granted(limiter)).release({ ...silent, dayRemaining: 999 })
    expect(await left()).toBe(999)
    expect((await readQuota(bus().runScript, tenant)).day.resetsAt).not.toBeNull()
  })

  it('lets one through now and then to learn of the new day', async () => {
    const limiter = createLimiter({
      runScript: bus().runScript,
      service: 'invoicing',
      limits: { ...defaultLimits, maxWaitMs: 1 },
      scale: timeScale(600, false),
      log: quiet,
    })
    limiters.push(limiter)
    await probe(limiter, { dayRemaining: 0 })
    const refused = await limiter.acquire(tenant, 'reconcile', 'command')
    expect(refused).toMatchObject({ granted: false, reason: 'day' })
    await sleep(refused.granted ? 0 : refused.retryAfterMs + 10)
    await (await granted(limiter, 'reconcile')).release({ ...silent, dayRemaining: 1000 })
    await (await granted(limiter, 'reconcile')).release(silent)
  })
})

it('pauses everyone for as long as Xero says, and asks again afterwards', async () => {
  const [limiter, other] = [limiterOf(0, { maxWaitMs: 1 }), limiterOf(1)]
  await probe(limiter)
  await (await granted(limiter)).release({ ...silent, pause: { ms: 1_500, reason: 'minute' } })
  expect(await limiter.acquire(tenant, 'person', 'command')).toMatchObject({ granted: false, reason: 'minute' })
  expect((await readQuota(bus().runScript, tenant)).paused?.reason).toBe('minute')
  const began = performance.now()
  const first = await other.acquire(tenant, 'person', 'command')
  expect(first.granted ? 'early' : first.retryAfterMs).toBeGreaterThan(1_000)
  await sleep(1_500 - (performance.now() - began))
  const again = await granted(other)
  const next = other.acquire(tenant, 'person', 'command')
  expect(await Promise.race([next, sleep(150).then(() => 'waits')])).toBe('waits')
  await again.release({ ...silent, minuteRemaining: 5 })
  expect(await next).toMatchObject({ granted: true })
})

it('serves people first, yet never starves the lowest', async () => {
  const limiter = limiterOf(0, { concurrent: 1, perMinute: 1_000 })
  const order: string[] = []
  const held = await granted(limiter)
  const call = async (priority: Priority, ms = 2) => {
    const permit = await limiter.acquire(tenant, priority, 'command')
    if (!permit.granted) return void order.push(`${priority} gave up`)
    order.push(priority)
    await sleep(ms)
    await permit.release({ ...silent, minuteRemaining: 999 })
  }
  const lowest = call('reconcile')
  const schedule = call('schedule')
  await sleep(30)
  const person = call('person')
  await sleep(30)
  await held.release({ ...silent, minuteRemaining: 999 })
  await Promise.all([lowest, schedule, person])
  expect(order).toEqual(['person', 'schedule', 'reconcile'])

  // A crowd of people that never ends: the lowest comes through before it gives up.
  order.length = 0
  let crowd = true
  const people = Array.from({ length: 4 }, async () => {
    while (crowd) await call('person', 10)
  })
  await call('reconcile')
  crowd = false
  await Promise.all(people)
  expect(order).toContain('reconcile')
})

it('charges service and command, and gives back what was not sent', async () => {
  const limiter = limiterOf()
  await probe(limiter, { dayRemaining: 500 })
  await (await granted(limiter)).release({ ...silent, sent: false })
  const quota = await readQuota(bus().runScript, tenant)
  expect(quota.minute.used).toBe(1)
  expect(quota.day.remaining).toBe(500)
  expect(quota.spentToday).toEqual({
    total: 1,
    services: { invoicing: 1 },
    commands: [{ correlationId: 'command', calls: 1 }],
  })
  const unsent = await granted(limiter)
  await flush()
  await unsent.release({ ...silent, sent: false })
  expect((await readQuota(bus().runScript, tenant)).spentToday.total).toBe(0)
})

it('shows no more as used than there is', async () => {
  const limiter = limiterOf()
  await probe(limiter)
  for (let i = 0; i < 5; i++) await (await granted(limiter)).release(silent)
  await flush()
  await probe(limiter, { minuteRemaining: 0 })
  expect((await readQuota(bus().runScript, tenant)).minute).toMatchObject({ limit: 60, used: 60 })
})

it('holds back a permit that grew old', async () => {
  const limiter = limiterOf()
  await probe(limiter)
  const permit = await granted(limiter)
  expect(permit.fresh()).toBe(true)
  await sleep(160)
  expect(permit.fresh()).toBe(false)
})

it('keeps its keys of one organisation in one slot, with a life time', async () => {
  await probe(limiterOf())
  for (const key of limiterKeys(tenant)) expect(key).toContain(`{afo:xero:${tenant}}:`)
  for (const key of limiterKeys(tenant))
    expect(await bus().runScript("return redis.call('PTTL', KEYS[1])", [key], []), key).not.toBe(-1)
})

/** Over all tries. */
const worst = { inWindow: 0, atOnce: 0 }

// A machine that is busy with other things can't use what is allowed: then once more.
it('uses 95 % of what is allowed', { retry: 2 }, async () => {
  // A minute of 7.5 s, since the work of the CPU, which isn't scaled, is part of what is measured.
  const windowMs = 60_000 / 8
  await probe(limiterOf(0, {}, 8))
  const calls: number[] = []
  let running = 0
  let most = 0
  let working = true
  const workers = [0, 1, 2, 3].flatMap((replica) => {
    const limiter = limiterOf(replica, {}, 8)
    return Array.from({ length: 4 }, async () => {
      while (working) {
        const permit = await limiter.acquire(tenant, 'schedule', 'command')
        if (!permit.granted) {
          await sleep(Math.min(permit.retryAfterMs, 500))
          continue
        }
        most = Math.max(most, ++running)
        calls.push(performance.now())
        await sleep(10 + Math.random() * 20)
        running--
        await permit.release(silent)
      }
    })
  })
  await sleep(windowMs * 2.2)
  working = false
  await Promise.all(workers)
  const inWindow = calls.map((at, i) => calls.slice(i).filter((other) => other < at + windowMs).length)
  worst.inWindow = Math.max(worst.inWindow, ...inWindow)
  worst.atOnce = Math.max(worst.atOnce, most)
  // The shortest time that so many calls can take, by the time they took.
  const ideal = Math.floor((calls.length - 1) / 60) * windowMs
  const used = ideal / ((calls.at(-1) ?? 0) - (calls[0] ?? 0))
  expect(used).toBeGreaterThanOrEqual(0.95)
})

it('lets no more than 60 into any window meanwhile, nor 5 at once', () => {
  expect(worst.inWindow).toBeLessThanOrEqual(60)
  expect(worst.atOnce).toBeLessThanOrEqual(5)
  expect(worst.inWindow * worst.atOnce).toBeGreaterThan(0)
})
