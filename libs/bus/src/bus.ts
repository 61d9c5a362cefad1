import { hostname } from 'node:os'
import { allStreams, type ServiceName } from '@afo/contracts'
import type { Log, Registry, TimeScale } from '@afo/kit'
import { connect } from './connection.js'
import { StreamConsumer } from './consumer.js'
import { dismiss, listDead, redrive } from './dead.js'
import { createEphemeral } from './ephemeral.js'
import { readFigures } from './figures.js'
import { createMetrics } from './metrics.js'
import { publish } from './publisher.js'
import { resolveSettings, type Settings } from './settings.js'
import { tail } from './tail.js'
import type { Bus } from './types.js'

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

/**
 * Opens the bus.
 * @throws AppError `unavailable` when Redis can't be reached, `invalid` when it may evict keys or the time scale breaks an order
 */
export async function connectBus({
  redisUrl,
  service,
  log,
  registry,
  scale,
  prefix = 'afo',
  settings: overrides,
}: BusOptions): Promise<Bus> {
  const settings = resolveSettings(scale, overrides)
  const name = `${service}:${hostname()}:${process.pid}:${Math.round(performance.timeOrigin + performance.now())}`
  const connection = await connect(redisUrl, name, settings, log)
  const metrics = createMetrics(registry, () => readFigures(connection, prefix, allStreams, service))
  const say: Bus['publish'] = (messages, cause) => publish(connection, prefix, messages, cause)
  const consumers: StreamConsumer[] = []
  const closing = new AbortController()

  return {
    publish: say,
    consume(options) {
      const ports = {
        url: redisUrl,
        prefix,
        service,
        name: `${name}:${consumers.length}`,
        connection,
        publish: say,
        settings,
        metrics,
        log,
      }
      const consumer = new StreamConsumer(ports, options)
      consumers.push(consumer)
      return consumer
    },
    tail: (streams, afterId, signal) =>
      tail(connection, prefix, streams, afterId, AbortSignal.any([signal, closing.signal]), settings),
    listDead: (of, page) => listDead(connection, prefix, of, page),
    redrive: (of, ids) => redrive(connection, prefix, of, ids),
    dismiss: (of, ids) => dismiss(connection, prefix, of, ids),
    figures: () => readFigures(connection, prefix, allStreams),
    ephemeral: createEphemeral(connection, prefix),
    runScript: (lua, keys, args) =>
      connection.script(
        lua,
        keys.map((key) => `${prefix}:${key}`),
        args,
      ),
    async ping() {
      await connection.call('PING')
    },
    async close() {
      closing.abort()
      await Promise.all(consumers.map((consumer) => consumer.stop(settings.graceMs)))
      connection.close()
    },
  }
}
