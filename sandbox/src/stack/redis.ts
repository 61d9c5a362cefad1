import { setTimeout as wait } from 'node:timers/promises'
import { type RedisOptions, type RedisServer, startRedis } from '../redis/index.js'

/** A Redis that comes back under its address when it ends before its time. */
export async function keepRedis(
  options: RedisOptions,
  say: (text: string) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  let redis: RedisServer = await startRedis({ ...options, say })
  let closing = false
  const { url, port } = redis
  const keep = async () => {
    for (;;) {
      await redis.server.exited
      if (closing) return
      say('Redis ended; starting it again')
      await wait(200)
      redis = await startRedis({ ...options, port, say })
      if (closing) return redis.close()
    }
  }
  const keeping = keep()
  return {
    url,
    close: async () => {
      closing = true
      await redis.close()
      await keeping
    },
  }
}
