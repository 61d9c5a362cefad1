import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClock } from './clock.js'

test('says what a date says, whatever it was asked before', () => {
  const instant = fc.date({ noInvalidDate: true }).map((date) => date.getTime())
  const nearby = fc.tuple(instant, fc.array(fc.integer({ min: -2_000, max: 2_000 }), { minLength: 2 }))
  fc.assert(
    fc.property(nearby, ([around, steps]) => {
      const clock = createClock()
      const asked = steps.map((step) => around + step).filter((ms) => Math.abs(ms) <= 8_640_000_000_000_000 - 1_000)
      expect(asked.map(clock)).toEqual(asked.map((ms) => new Date(ms).toISOString()))
    }),
  )
})
