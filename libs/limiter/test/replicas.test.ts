import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { storm } from './support/storm.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

// The replicas are processes, so they run what is built.
beforeAll(() => void execFileSync('node_modules/.bin/tsc', ['-b', 'libs/limiter'], { cwd: root }))

it('four replicas never exceed a limit, whatever is killed, frozen, flushed or skewed', async () => {
  const seen = await storm({
    seconds: 18,
    factor: 20,
    random: Math.random,
    faults: { kills: true, freezes: true, flushes: true },
  })
  console.info(seen)
  // A wiped Redis is met with one probe, which may find the minute used up.
  expect(seen.refused).toBeLessThanOrEqual(seen.flushes)
  expect(seen.mostAtOnce).toBeLessThanOrEqual(5)
  expect(seen.kills * seen.freezes * seen.flushes).toBeGreaterThan(0)
  // They go on working. How well is for a quiet machine and whole minutes: here a new process takes a third of a window to start.
  expect(seen.used).toBeGreaterThan(0.25)
}, 60_000)
