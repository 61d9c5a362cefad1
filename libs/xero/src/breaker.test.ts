import { createLog, Registry, sleep, timeScale } from '@afo/kit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type BreakerChange, createBreakers } from './breaker.js'
import type { Exchange } from './sdk.js'

// The traps of opossum, each closed. A reset after 500 ms, a breaker time-out of 1,020 ms.
const options = () => ({
  callTimeoutMs: 20,
  scale: timeScale(30, false),
  log: createLog('test', 'fatal'),
  registry: new Registry(),
  onChange: ({ state }: BreakerChange) => void changes.push(state),
})
const answer = (status: number): Exchange => ({ kind: 'answered', status, headers: {}, data: '' })
const lost: Exchange = { kind: 'failed', sent: true, reason: 'ECONNRESET' }

let breakers: ReturnType<typeof createBreakers>
let changes: string[] = []
beforeEach(() => {
  changes = []
  breakers = createBreakers(options())
})
afterEach(() => breakers.close())

const run = (exchange: Exchange | (() => Promise<Exchange>), endpoint = 'invoices') =>
  breakers.run('tenant', endpoint, typeof exchange === 'function' ? exchange : async () => exchange)
const times = async (n: number, exchange: Exchange) => {
  for (let i = 0; i < n; i++) await run(exchange)
}
const isOpen = (endpoint = 'invoices') => breakers.openForMs('tenant', endpoint) > 0
const halfOpen = async () => {
  await times(5, answer(503))
  expect(isOpen()).toBe(true)
  await sleep(560)
  expect(isOpen()).toBe(false)
}

it.each([
  ['5xx', answer(503)],
  ['lost connections', lost],
])('opens on %s, and lets nothing through', async (_, failure) => {
  await times(5, failure)
  expect(isOpen()).toBe(true)
  let ran = false
  const ended = await run(async () => {
    ran = true
    return answer(200)
  })
  expect(ended).toBeNull()
  expect(ran).toBe(false)
})

it('hands a failure on as what it is', async () => {
  expect(await run(answer(500))).toEqual(answer(500))
  expect(await run(lost)).toBe(lost)
})

it('is not opened by one failure on a quiet day', async () => {
  await run(answer(500))
  expect(isOpen()).toBe(false)
})

it.each([400, 401, 403, 404, 429])('is never opened by %d', async (status) => {
  await times(20, answer(status))
  expect(isOpen()).toBe(false)
})

it('is not opened by our own cancelling', async () => {
  await times(20, { kind: 'failed', sent: true, reason: 'cancelled' })
  await times(20, { kind: 'held' })
  expect(isOpen()).toBe(false)
})

it('lets exactly one through when half open, and closes on its success', async () => {
  await halfOpen()
  let release = (_: Exchange) => {}
  const probe = run(() => new Promise<Exchange>((resolve) => (release = resolve)))
  // Known before anybody waits for a turn: reading messages stays paused while the one call is under way.
  expect([isOpen(), breakers.anyOpen()]).toEqual([true, true])
  expect(await run(answer(200))).toBeNull()
  release(answer(200))
  expect(await probe).toEqual(answer(200))
  expect(await run(answer(200))).toEqual(answer(200))
  expect(breakers.anyOpen()).toBe(false)
  expect(changes).toEqual(['open', 'half-open', 'closed'])
})

it.each([
  ['a 429', answer(429)],
  ['a call held back', { kind: 'held' } as const],
  ['a failure', answer(500)],
])('is not closed by %s while half open', async (_, exchange) => {
  await halfOpen()
  expect(await run(exchange)).toEqual(exchange)
  expect(isOpen()).toBe(true)
})

it('does not stay half open for ever when the probe never ends', async () => {
  await halfOpen()
  const ended = await run(() => new Promise<Exchange>(() => {}))
  expect(ended).toEqual({ kind: 'failed', sent: true, reason: 'never ended' })
  expect(isOpen()).toBe(true)
  await sleep(560)
  expect(await run(answer(200))).toEqual(answer(200))
})

it('forgets old failures when it closes', async () => {
  await halfOpen()
  await run(answer(200))
  await run(answer(500))
  expect(isOpen()).toBe(false)
})

it('one time-out harms no sibling that is under way', async () => {
  let release = (_: Exchange) => {}
  const hung = run(() => new Promise<Exchange>(() => {}))
  // Begun after it, so that its own time-out comes after the release too.
  const sibling = run(() => new Promise<Exchange>((resolve) => (release = resolve)))
  expect(await hung).toMatchObject({ reason: 'never ended' })
  release(answer(200))
  expect(await sibling).toEqual(answer(200))
  expect(await run(answer(200))).toEqual(answer(200))
})

it('hundreds at once are no failure', async () => {
  const all = await Promise.all(Array.from({ length: 300 }, () => run(answer(200))))
  expect(all.every((ended) => ended !== null)).toBe(true)
  expect(isOpen()).toBe(false)
})

it("is one per endpoint class and organisation: invoices' trouble is not contacts'", async () => {
  await times(5, answer(503))
  expect(isOpen('contacts')).toBe(false)
  expect(await run(answer(200), 'contacts')).toEqual(answer(200))
  expect(breakers.openForMs('another', 'invoices')).toBe(0)
  expect(breakers.anyOpen()).toBe(true)
})

it('shows its state as a metric', async () => {
  breakers.close()
  const given = options()
  breakers = createBreakers(given)
  await times(5, answer(503))
  expect(await given.registry.metrics()).toContain('xero_breaker_open{endpoint="invoices"} 1')
})

const bug = () => Promise.reject(new TypeError('ours'))

it('throws bugs of ours as they are, and is not opened by them', async () => {
  for (let i = 0; i < 20; i++) await expect(run(bug)).rejects.toThrow('ours')
  expect(isOpen()).toBe(false)
})

it('is not closed by a bug of ours while half open', async () => {
  await halfOpen()
  await expect(run(bug)).rejects.toThrow('ours')
  expect(isOpen()).toBe(true)
})
