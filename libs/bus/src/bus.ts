import { hostname } from 'node:os'
import { allStreams, type ServiceName, serviceNames } from '@afo/contracts'
import type { Log, Registry, TimeScale } from '@afo/kit'
import { connect } from './connection.js'
import { startConsumer } from './consumer.js'
import { type Core, streamKey } from './core.js'
import { deadLetters } from './dead.js'
import { createEphemeral } from './ephemeral.js'
import { figuresOf } from './groups.js'
import { createMetrics } from './metrics.js'
import { publish } from './publisher.js'
import { resolveSettings, type Settings } from './settings.js'
import { tail } from './tail.js'
import type { Bus, Consumer } from './types.js'

export interface BusOptions {
  readonly redisUrl: string
  /** This process's service: its consumer group, and whose figures are metrics. */
  readonly service: ServiceName
  readonly log: Log
  readonly registry: Registry
  readonly scale: TimeScale
  /** In front of every key, so that several systems can share a Redis. */
  readonly prefix?: string
  /** Taken as they are, unscaled. */
  readonly settings?: Partial<Settings>
}

/** Opens the bus. @throws AppError `unavailable` without a Redis, `invalid` for one that may evict or a scale that breaks an order */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const { redisUrl: url, service, log, registry, scale, prefix = 'afo' } = options
  const settings = resolveSettings(scale, options.settings)
  const name = `${service}:${hostname()}:${process.pid}:${Math.round(performance.timeOrigin + performance.now())}`
  const connection = await connect(url, name, settings, log)
  const figures = async (services: readonly ServiceName[]) =>
    (await Promise.all(allStreams.map((stream) => figuresOf(core, stream, services)))).flat()
  const metrics = createMetrics(registry, () => figures([service]))
  const core: Core = { url, prefix, service, connection, settings, metrics, log }
  const say: Bus['publish'] = (messages, cause) => publish(connection, prefix, messages, cause)
  const consumers: Consumer[] = []
  const closing = new AbortController()
  return {
    publish: say,
    consume(given) {
      const consumer = startConsumer(core, `${name}:${consumers.length}`, say, given)
      consumers.push(consumer)
      return consumer
    },
    tail: (streams, afterId, signal) => {
      const keys = streams.map((stream) => streamKey(prefix, stream))
      return tail(connection, keys, afterId, AbortSignal.any([signal, closing.signal]), settings.tailMs)
    },
    ...deadLetters(core),
    figures: () => figures(serviceNames),
    ephemeral: createEphemeral(connection, prefix),
    runScript: (lua, keys, args) =>
      connection.script(
        lua,
        keys.map((key) => `${prefix}:${key}`),
        args,
      ),
    ping: () => connection.call('PING').then(() => undefined),
    async close() {
      closing.abort()
      await Promise.all(consumers.map((consumer) => consumer.stop(settings.graceMs)))
      connection.close()
    },
  }
}
