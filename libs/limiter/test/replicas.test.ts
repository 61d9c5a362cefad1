import { processEnvironment } from '@afo/kit'
import { expect, it } from 'vitest'
import { storm } from './support/storm.js'

/** STORM_FACTOR=1 STORM_SECONDS=300 is the real minute, for a quiet machine. */
const { STORM_SECONDS = '18', STORM_FACTOR = '20' } = processEnvironment()
const [seconds, factor] = [Number(STORM_SECONDS), Number(STORM_FACTOR)]

it(
  'four replicas never exceed a limit, whatever is killed, frozen, flushed or skewed',
  async () => {
    const seen = await storm({ seconds, factor, random: Math.random })
    console.info(JSON.stringify(seen))
    expect(seen.mostInAnyMinute).toBeLessThanOrEqual(60)
    expect(seen.mostAtOnce).toBeLessThanOrEqual(5)
    expect(seen.refused).toBe(0)
    expect(seen.kills * seen.freezes * seen.flushes).toBeGreaterThan(0)
    // With the minute scaled, starting a process takes a good part of it.
    expect(seen.used).toBeGreaterThan(factor === 1 ? 0.95 : 0.25)
  },
  (seconds + 60) * 1000,
)
