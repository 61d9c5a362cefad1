import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processEnvironment } from '@afo/kit'
import { startRedis } from '@afo/sandbox/redis'

export interface TestRedis {
  readonly url: string
  close(): Promise<void>
}

export interface TestRedisOptions {
  /** Fixed where a test restarts it under the same address. */
  readonly port?: number
  readonly appendOnly?: boolean
  readonly config?: Readonly<Record<string, string>>
}

/** A real, empty Redis of one's own on a free loopback port: for `beforeAll`, closed in `afterAll`. */
export async function testRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const { TEST_CONTAINERS: image } = processEnvironment()
  if (image) return (await import('./container.js')).redisContainer(image === '1' ? 'redis:8-alpine' : image, options)
  const dir = mkdtempSync(join(tmpdir(), 'ampedfieldops-redis-'))
  const redis = await startRedis({ dir, ...options })
  return {
    url: redis.url,
    close: async () => {
      await redis.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
