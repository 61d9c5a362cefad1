import { sleep } from '@afo/kit'
import { describe, expect, it, vi } from 'vitest'
import type { RunScript } from '../src/limiter.js'
import { releaseScript } from '../src/scripts.js'
import { answered, silent, useLimiters, windowMs } from './support/rig.js'

const { acquire, flush, granted, keys, limiterOf, probe, quota, runScript } = useLimiters()

describe('an empty Redis', () => {
  it('is met with one probe after a pause in which running calls can report', async () => {
    const limiter = limiterOf()
    const began = performance.now()
    const first = await granted(limiter)
    expect(performance.now() - began).toBeGreaterThanOrEqual(300)
    const second = acquire(limiter, 'person')
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
    expect(await acquire(limiter, 'person')).toMatchObject({ granted: false, reason: 'minute' })
    expect((await quota()).minute).toMatchObject({ limit: 60, used: 60 })
  })

  it('asks again, one call at a time, until all that Xero counts is explained', async () => {
    const limiter = limiterOf()
    await probe(limiter, { minuteRemaining: 30 })
    expect((await quota()).minute.used).toBe(30)
    const second = await granted(limiter)
    const third = granted(limiter)
    expect(await Promise.race([third, sleep(150).then(() => 'waits')])).toBe('waits')
    // The others have left Xero's minute.
    await second.release({ ...silent, minuteRemaining: 58 })
    await Promise.all([third, granted(limiter), granted(limiter)])
    expect((await quota()).minute.used).toBe(5)
  })

  it('asks so for one window only, since what happened before it is over then', async () => {
    const limiter = limiterOf()
    await probe(limiter, { minuteRemaining: 30 })
    await sleep(windowMs + 100)
    await Promise.all([granted(limiter), granted(limiter)])
    expect((await quota()).minute.used).toBe(2)
  })

  it('asks again when the probe had no answer', async () => {
    const limiter = limiterOf()
    await (await granted(limiter)).release(silent)
    const second = await granted(limiter)
    const third = acquire(limiter, 'person')
    expect(await Promise.race([third, sleep(150).then(() => 'waits')])).toBe('waits')
    await second.release({ ...silent, minuteRemaining: 10 })
    expect(await third).toMatchObject({ granted: true })
  })

  it('tells who waits behind another that the minute is used up, and for how long', async () => {
    const limiter = limiterOf()
    await probe(limiter, { minuteRemaining: 0 })
    const given = new AbortController()
    const first = acquire(limiter, 'schedule', given.signal)
    const behind = await acquire(limiter, 'reconcile', AbortSignal.timeout(100))
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
    const strangers = await runScript("return redis.call('HGET', KEYS[1], 'strangers')", keys(), [])
    expect(strangers).toBe('2')
  })

  it('is told of a call whose end could not be told', async () => {
    // A lost release can't be brought about from outside without losing all else.
    const losing: RunScript = (lua, keys, args) =>
      lua === releaseScript ? Promise.reject(new Error('lost')) : runScript(lua, keys, args)
    const permit = await granted(limiterOf(0, {}, undefined, losing))
    await flush()
    await permit.release(answered)
    await vi.waitFor(async () => expect((await quota()).minute.used).toBe(1), {
      timeout: 5_000,
    })
  })

  it('learns of running calls by their renewal, after a wipe in their midst', async () => {
    const [limiter, other] = [limiterOf(0), limiterOf(1)]
    await probe(limiter)
    const running = [await granted(limiter), await granted(limiter), await granted(limiter)]
    await flush()
    // Three run and one probe at a time: the probe waits for the three.
    const asked = acquire(other, 'person')
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
  const next = acquire(limiter, 'person')
  expect(await Promise.race([next, sleep(200).then(() => 'waits')])).toBe('waits')
  await asked.release({ ...silent, minuteRemaining: 20 })
  expect(await next).toMatchObject({ granted: true })
  expect((await quota()).minute.used).toBeGreaterThanOrEqual(40)
})

it('remembers through a wipe what each replica called, to the moment', async () => {
  const [limiter, other] = [limiterOf(0), limiterOf(1)]
  await probe(limiter)
  for (let i = 0; i < 9; i++) await (await granted(i % 2 ? limiter : other)).release(answered)
  await sleep(windowMs / 2)
  await flush()
  // Xero counts the ten and two of a replica that has died since.
  await probe(limiter, { minuteRemaining: 60 - 13 })
  expect((await quota()).minute.used).toBe(13)
  // The ten leave the window when they would have; the probe and the two unknown, of which only now is certain, a window from now.
  await sleep(windowMs / 2)
  expect((await quota()).minute.used).toBe(3)
})

it('shows no more as used than there is', async () => {
  const limiter = limiterOf()
  await probe(limiter)
  for (let i = 0; i < 5; i++) await (await granted(limiter)).release(silent)
  await flush()
  await probe(limiter, { minuteRemaining: 0 })
  expect((await quota()).minute).toMatchObject({ limit: 60, used: 60 })
})
