import { sleep } from '@afo/kit'
import { describe, expect, it } from 'vitest'
import type { Priority } from '../src/priority.js'
import { silent, useLimiters } from './support/rig.js'

const { acquire, flush, granted, keys, limiterOf, probe, quota, runScript, tenant } = useLimiters()

describe('slots', () => {
  it('are 5 over all replicas, and free again when released', async () => {
    await probe(limiterOf())
    const all = await Promise.all([0, 1, 2, 3, 0].map((replica) => granted(limiterOf(replica))))
    const sixth = acquire(limiterOf(1), 'person')
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
    expect(await acquire(alive, 'person')).toMatchObject({ granted: false, reason: 'concurrent' })
    await sleep(Math.max(0, 2_000 - (performance.now() - began)))
    expect(await acquire(alive, 'person')).toMatchObject({ granted: true })
  })

  it('are kept by a call that runs longer than its lease', async () => {
    const limiter = limiterOf()
    await probe(limiter)
    for (let i = 0; i < 5; i++) await granted(limiter)
    await sleep(2_400)
    expect((await quota()).concurrent.used).toBe(5)
  })

  it('and the line are left by who gives up', async () => {
    const limiter = limiterOf(0)
    await probe(limiter)
    for (let i = 0; i < 5; i++) await granted(limiter)
    const given = new AbortController()
    const waiting = acquire(limiter, 'person', given.signal)
    given.abort()
    expect(await waiting).toMatchObject({ granted: false })
    expect((await quota()).concurrent.waiting).toBe(0)
  })
})

describe('the day', () => {
  it('keeps a floor for people', async () => {
    const limiter = limiterOf(0, { dayFloor: 10, maxWaitMs: 1 })
    await probe(limiter, { dayRemaining: 11 })
    await (await granted(limiter)).release(silent)
    expect(await acquire(limiter, 'invoice')).toMatchObject({ granted: false, reason: 'budget' })
    await (await granted(limiter, 'person')).release({ ...silent, dayRemaining: 0 })
    expect(await acquire(limiter, 'person')).toMatchObject({ granted: false, reason: 'day' })
    expect(await limiter.blocked(tenant())).toBe(true)
  })

  it('is believed when it begins anew, not when answers overtake each other', async () => {
    const limiter = limiterOf()
    await probe(limiter, { dayRemaining: 100 })
    const left = async () => (await quota()).day.remaining
    const [a, b] = [await granted(limiter), await granted(limiter)]
    expect(await left()).toBe(98)
    await b.release({ ...silent, dayRemaining: 98 })
    await a.release({ ...silent, dayRemaining: 99 })
    expect(await left()).toBe(98)
    await (await granted(limiter)).release({ ...silent, dayRemaining: 999 })
    expect(await left()).toBe(999)
    expect((await quota()).day.resetsAt).not.toBeNull()
  })

  it('lets one through now and then to learn of the new day', async () => {
    const limiter = limiterOf(0, { maxWaitMs: 1 }, 600)
    await probe(limiter, { dayRemaining: 0 })
    const refused = await acquire(limiter, 'reconcile')
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
  expect(await acquire(limiter, 'person')).toMatchObject({ granted: false, reason: 'minute' })
  expect((await quota()).paused?.reason).toBe('minute')
  const began = performance.now()
  const first = await acquire(other, 'person')
  expect(first.granted ? 'early' : first.retryAfterMs).toBeGreaterThan(1_000)
  await sleep(1_500 - (performance.now() - began))
  const again = await granted(other)
  const next = acquire(other, 'person')
  expect(await Promise.race([next, sleep(150).then(() => 'waits')])).toBe('waits')
  await again.release({ ...silent, minuteRemaining: 5 })
  expect(await next).toMatchObject({ granted: true })
})

it('serves people first, yet never starves the lowest', async () => {
  const limiter = limiterOf(0, { concurrent: 1, perMinute: 1_000 })
  const order: string[] = []
  const held = await granted(limiter)
  const call = async (priority: Priority, ms = 2) => {
    const permit = await acquire(limiter, priority)
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

it('tells less than nothing, by calls that asked for the new day, as nothing', async () => {
  await runScript("return redis.call('HSET', KEYS[1], 'day', -1)", keys(), [])
  expect((await quota()).day).toMatchObject({ remaining: 0, usedUpAt: null, remainingAtReset: 0 })
})

it('charges service and command, and gives back what was not sent', async () => {
  const limiter = limiterOf()
  await probe(limiter, { dayRemaining: 500 })
  await (await granted(limiter)).release({ ...silent, sent: false })
  const { minute, day, spentToday } = await quota()
  expect(minute.used).toBe(1)
  expect(day.remaining).toBe(500)
  // At most one call an hour, for at most a day.
  expect(day).toMatchObject({ usedUpAt: null })
  expect(day.remainingAtReset).toBeGreaterThanOrEqual(476)
  expect(spentToday).toEqual({
    total: 1,
    services: { invoicing: 1 },
    commands: [{ correlationId: 'command', calls: 1 }],
  })
  const unsent = await granted(limiter)
  await flush()
  await unsent.release({ ...silent, sent: false })
  expect((await quota()).spentToday.total).toBe(0)
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
  for (const key of keys()) expect(key).toContain(`{afo:xero:${tenant()}}:`)
  for (const key of keys()) expect(await runScript("return redis.call('PTTL', KEYS[1])", [key], []), key).not.toBe(-1)
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
        const permit = await acquire(limiter, 'schedule')
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
