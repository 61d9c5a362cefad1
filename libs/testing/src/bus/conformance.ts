import type { Bus } from '@afo/bus'
import { Registry } from '@afo/kit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { type TestRedis, type TestRedisOptions, testRedis } from '../redis/index.js'
import { deadLetters } from './dead-letters.js'
import { delivery } from './delivery.js'
import { failures } from './failures.js'
import { Harness, type OpenOptions, until } from './harness.js'
import { outages } from './outages.js'
import { recovery } from './recovery.js'
import { redisCommand } from './redis-command.js'
import { stopping } from './stopping.js'
import { views } from './views.js'

export type { OpenOptions }

const parts = { delivery, failures, deadLetters, recovery, stopping, outages, views }

/**
 * What every bus must pass, modelled on Watermill's universal suite. Each test has a key space of its own; the Redis is real.
 * @param server how that Redis is run: `cluster-enabled` makes it refuse whatever touches two slots
 */
export function describeBus(
  name: string,
  connect: (options: OpenOptions) => Promise<Bus>,
  which: readonly (keyof typeof parts)[],
  server: TestRedisOptions = {},
): void {
  describe(name, () => {
    let redis: TestRedis
    let harness: Harness
    beforeAll(async () => {
      redis = await testRedis(server)
      if (server.config?.['cluster-enabled'] !== 'yes') return
      await redisCommand(redis.url, 'CLUSTER', 'ADDSLOTSRANGE', 0, 16383)
      await until(async () => expect(await redisCommand(redis.url, 'CLUSTER', 'INFO')).toContain('cluster_state:ok'))
    })
    afterAll(() => redis.close())
    beforeEach(() => {
      harness = new Harness(redis.url, connect, () => new Registry())
    })
    afterEach(() => harness.closeAll())
    for (const part of which) parts[part](() => harness)
  })
}
