import { randomUUID } from 'node:crypto'
import { timeScale } from '@afo/kit'
import { quiet, redisScripts, type TestRedis, testRedis } from '@afo/testing'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { createLimiter, defaultLimits, type Limiter, type Limits, type RunScript } from '../../src/limiter.js'
import type { Priority } from '../../src/priority.js'
import { readQuota } from '../../src/quota.js'
import type { LimitReport } from '../../src/report.js'
import { limiterKeys } from '../../src/scripts.js'

/** A minute of 3 s, leases of 2 s. */
const factor = 20
export const windowMs = 60_000 / factor

/** No answer, and one that says nothing new. */
export const silent: LimitReport = { sent: true, minuteRemaining: null, dayRemaining: null, pause: null }
export const answered: LimitReport = { ...silent, minuteRemaining: 40 }

/** For a file's top: a Redis, four connections to it as four replicas have them, and for each test an organisation of its own. */
export function useLimiters() {
  const limiters: Limiter[] = []
  let redis: TestRedis
  let replicas: Awaited<ReturnType<typeof redisScripts>>[]
  let tenant = ''
  beforeAll(async () => {
    redis = await testRedis()
    replicas = await Promise.all(Array.from({ length: 4 }, () => redisScripts(redis.url)))
  })
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()))
    await redis.close()
  })
  beforeEach(() => {
    tenant = randomUUID()
  })
  afterEach(() => {
    for (const limiter of limiters.splice(0)) limiter.close()
  })

  const runScript =
    (replica: number): RunScript =>
    (...script) => {
      const found = replicas[replica]
      if (!found) throw new Error(`no replica ${replica}`)
      return found.runScript(...script)
    }
  const acquire = (limiter: Limiter, priority: Priority, signal?: AbortSignal) =>
    limiter.acquire(tenant, priority, 'command', signal)
  const granted = async (limiter: Limiter, priority: Priority = 'schedule') => {
    const permit = await acquire(limiter, priority)
    if (!permit.granted) throw new Error(`refused: ${permit.reason}`)
    return permit
  }
  return {
    tenant: () => tenant,
    keys: () => limiterKeys(tenant),
    quota: () => readQuota(runScript(0), tenant),
    runScript: runScript(0),
    flush: () => runScript(0)("return redis.call('FLUSHALL')", ['x'], []),
    limiterOf(replica = 0, limits: Partial<Limits> = {}, by = factor, run = runScript(replica)): Limiter {
      const limiter = createLimiter({
        runScript: run,
        service: 'invoicing',
        limits: { ...defaultLimits, ...limits },
        scale: timeScale(by, false),
        log: quiet,
      })
      limiters.push(limiter)
      return limiter
    },
    acquire,
    granted,
    /** The probe that every empty Redis begins with, told how much is left. */
    probe: async (limiter: Limiter, said: Partial<LimitReport> = {}) =>
      (await granted(limiter)).release({ ...silent, minuteRemaining: 59, ...said }),
  }
}
