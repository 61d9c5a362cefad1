import { GenericContainer } from 'testcontainers'
import type { TestRedis, TestRedisOptions } from './index.js'

/** The same Redis from its official image. */
export async function redisContainer({ port, appendOnly = false, config = {} }: TestRedisOptions): Promise<TestRedis> {
  const settings = { save: '', appendonly: appendOnly ? 'yes' : 'no', 'maxmemory-policy': 'noeviction', ...config }
  const container = await new GenericContainer('redis:8-alpine')
    .withExposedPorts(port === undefined ? 6379 : { container: 6379, host: port })
    .withCommand(['redis-server', ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])])
    .start()
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    close: async () => void (await container.stop()),
  }
}
