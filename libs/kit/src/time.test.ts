import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from './backoff.js'
import { sleep, timeScale, within } from './time.js'

test('a scale divides durations alike and keeps floors', () => {
  const scale = timeScale(10, false)
  expect(scale.ms(60_000)).toBe(6_000)
  expect(scale.ms(50, 20)).toBe(20)
  expect(scale.seconds(5)).toBe(1)
})

test.each([
  [2, true],
  [0.5, false],
  [601, false],
  [Number.NaN, false],
])('scale %d in production %s is refused', (factor, production) => {
  expect(() => timeScale(factor, production)).toThrow(/TIME_SCALE/)
})

test('backoff grows to its cap and never below half of its step', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const ms = backoffMs(attempt, { baseMs: 100, capMs: 60_000 }, random)
        const step = Math.min(60_000, 100 * 2 ** Math.min(attempt - 1, 30))
        expect(ms).toBeGreaterThanOrEqual(step / 2)
        expect(ms).toBeLessThanOrEqual(step)
      },
    ),
  )
})

test('sleep ends at once when the signal aborts', async () => {
  const controller = new AbortController()
  const started = performance.now()
  const slept = sleep(60_000, controller.signal)
  controller.abort()
  await slept
  await sleep(60_000, controller.signal)
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('a deadline passes also when nobody but its listener holds it', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const until = within(50, new AbortController().signal)
  await sleep(1)
  collectGarbage()
  await sleep(100)
  expect(until.aborted).toBe(true)
  expect(until.reason).toMatchObject({ name: 'TimeoutError' })
})

test('a deadline ends with its signal', () => {
  const controller = new AbortController()
  const until = within(60_000, controller.signal)
  controller.abort('over')
  expect(until.reason).toBe('over')
})
