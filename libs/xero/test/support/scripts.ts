import { createLog } from '@afo/kit'
import { Redis } from 'ioredis'
import type { RunScript } from '../../src/limiter.js'

export const quiet = createLog('test', 'fatal')

/** One replica's own connection. */
export function connectReplica(redisUrl: string): { runScript: RunScript; close(): Promise<void> } {
  const redis = new Redis(redisUrl)
  return {
    runScript: (lua, keys, args) => redis.eval(lua, keys.length, ...keys, ...args),
    close: async () => void (await redis.quit()),
  }
}
