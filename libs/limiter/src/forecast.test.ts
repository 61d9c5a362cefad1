import { expect, it } from 'vitest'
import { forecast } from './forecast.js'

const hour = 3_600_000
const midnight = Date.parse('2026-09-14T00:00:00Z')
const noon = midnight + 12 * hour
const at = (now: number, remaining: number | null, spent: number, reset: number | null = null) =>
  forecast({ now, reset, remaining, spent })

it('lasts until midnight UTC where no reset is known, or the one known has passed', () => {
  for (const reset of [null, noon])
    expect(at(noon, 1_000, 600, reset)).toEqual({ usedUpAt: null, remainingAtReset: 400 })
})

it('lasts until the reset that is known', () => {
  expect(at(noon, 1_000, 600, noon + 4 * hour)).toEqual({ usedUpAt: null, remainingAtReset: 800 })
})

it('lasts when the last call is spent at the reset', () => {
  expect(at(noon, 600, 600)).toEqual({ usedUpAt: null, remainingAtReset: 0 })
})

it('is used up before it', () => {
  expect(at(noon, 100, 600)).toEqual({ usedUpAt: noon + 2 * hour, remainingAtReset: 0 })
})

it('takes the pace of at least an hour: a few calls just after midnight are none', () => {
  for (const now of [midnight, midnight + 1])
    expect(at(now, 1_000, 3, midnight + 10 * hour)).toEqual({ usedUpAt: null, remainingAtReset: 970 })
})

it('is unknown while nobody knows what is left', () => {
  expect(at(noon, null, 600)).toEqual({ usedUpAt: null, remainingAtReset: null })
})

it.each([1_000, 0])('spends nothing where nothing was spent: %d are left', (remaining) => {
  for (const now of [midnight, noon])
    expect(at(now, remaining, 0)).toEqual({ usedUpAt: null, remainingAtReset: remaining })
})
