import { GenericContainer } from 'testcontainers'
import type { TestRedis, TestRedisOptions } from './index.js'

/** The same from an image, Redis's or Valkey's. */
export async function redisContainer(
  image: string,
  { port, appendOnly = false, config = {} }: TestRedisOptions,
): Promise<TestRedis> {
  const settings = { save: '', appendonly: appendOnly ? 'yes' : 'no', 'maxmemory-policy': 'noeviction', ...config }
  const container = await new GenericContainer(image)
    .withExposedPorts(port === undefined ? 6379 : { container: 6379, host: port })
    .withCommand([
      image.startsWith('valkey') ? 'valkey-server' : 'redis-server',
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ])
    .start()
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    close: async () => void (await container.stop()),
  }
}
