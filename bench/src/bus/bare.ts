import { setImmediate } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Side } from './side.js'

/** The least that could be called a consumer: no envelope, no retry, no lease; a batch read, parsed, and acknowledged and deleted at once. */
export async function open(redisUrl: string, stream: string): Promise<Side> {
  const redis = new Redis(redisUrl)
  const reader = new Redis(redisUrl)
  let running = true
  let loop: Promise<void> | undefined

  const read = async (count: number, handled: (id: string) => void) => {
    while (running) {
      const reply = await reader.xreadgroup('GROUP', 'g', 'c', 'COUNT', count, 'BLOCK', 200, 'STREAMS', stream, '>')
      const entries = (reply as [string, [string, string[]][]][] | null)?.[0]?.[1] ?? []
      for (const [, fields] of entries) handled((JSON.parse(fields[1] ?? '') as { id: string }).id)
      const ids = entries.map(([id]) => id)
      if (ids.length > 0) void Promise.all([redis.xack(stream, 'g', ...ids), redis.xdel(stream, ...ids)])
      await setImmediate()
    }
  }
  return {
    async send(ids) {
      const pipeline = redis.pipeline()
      for (const id of ids) pipeline.xadd(stream, '*', 'm', JSON.stringify({ id, body: { invoiceId: id } }))
      await pipeline.exec()
    },
    async handle(concurrency, handled) {
      await redis.xgroup('CREATE', stream, 'g', '0', 'MKSTREAM')
      loop = read(concurrency, handled)
    },
    async close() {
      running = false
      await loop
      redis.disconnect()
      reader.disconnect()
    },
  }
}
