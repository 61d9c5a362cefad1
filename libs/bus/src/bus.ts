import { hostname } from 'node:os'
import { type Message, type NewMessage, type ServiceName, serviceNames } from '@afo/contracts'
import { AppError, type Log, type Registry, type TimeScale } from '@afo/kit'
import { type Argument, Connection } from './connection.js'
import { Consumer } from './consumer.js'
import type { Core } from './core.js'
import { listDead, redrive } from './dead.js'
import { createEphemeral } from './ephemeral.js'
import { figuresOf } from './figures.js'
import { createMetrics } from './metrics.js'
import { publish } from './publish.js'
import { resolveSettings, type Settings } from './settings.js'
import { tail } from './tail.js'
import type { Cause, ConsumeOptions, DeadLetter, StreamFigures } from './types.js'

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
  const connection = new Connection(url, name, settings, log)
  const key = (part: string) => `{${prefix}}:${part}`
  try {
    await connection.ready(settings.connectMs)
    const policy = /maxmemory_policy:(\S+)/.exec(String(await connection.call('INFO', 'memory')))?.[1]
    if (policy !== 'noeviction')
      throw new AppError(
        'invalid',
        `Redis's maxmemory-policy must be noeviction, not ${policy}: it would throw messages away`,
      )
  } catch (thrown) {
    connection.close()
    throw thrown
  }
  const metrics = createMetrics(registry, () => figuresOf({ connection, key }, [service]))
  return new Bus({ url, service, connection, settings, metrics, log, key }, name)
}

/** One process's door to the streams. */
export class Bus {
  /** Small values with a life time that may be lost with Redis. */
  readonly ephemeral
  readonly #consumers: Consumer[] = []
  readonly #closing = new AbortController()

  constructor(
    private readonly core: Core,
    private readonly name: string,
  ) {
    this.ephemeral = createEphemeral(core)
  }

  /**
   * Publishes all or none, in order. An error means *unknown*: publishing the same again is harmless, since ids are derived and effects are guarded in Postgres.
   * @throws AppError `unavailable`, `bug` for a body that breaks its schema
   */
  publish(messages: readonly NewMessage[], cause: Cause): Promise<void> {
    return publish(this.core, messages, cause)
  }

  /** Handles what is said to this service. All its processes handle the same messages: what one has delayed may come back to another. */
  consume(options: ConsumeOptions): Consumer {
    const consumer = new Consumer(this.core, `${this.name}:${this.#consumers.length}`, options)
    this.#consumers.push(consumer)
    return consumer
  }

  /** Every message of these streams after the given position ("$" for new ones), for live views. Ends with the signal. */
  tail(
    streams: readonly string[],
    after: string,
    signal: AbortSignal,
  ): AsyncIterable<{ id: string; message: Message }> {
    return tail(this.core, streams, after, AbortSignal.any([signal, this.#closing.signal]))
  }

  listDead(service: ServiceName, page: { limit: number; before?: string }): Promise<DeadLetter[]> {
    return listDead(this.core, service, page.limit, page.before)
  }

  /** Puts dead letters back under their own ids, from the first attempt. Answers how many were there. */
  redrive(service: ServiceName, ids: readonly string[]): Promise<number> {
    return redrive(this.core, service, ids)
  }

  figures(): Promise<StreamFigures[]> {
    return figuresOf(this.core, serviceNames)
  }

  /** Runs a Lua script (EVALSHA with fallback); the limiter's door to Redis. Keys must share one hash tag. */
  readonly runScript = (lua: string, keys: readonly string[], args: readonly Argument[]): Promise<unknown> => {
    return this.core.connection.script(lua, keys.map(this.core.key), args)
  }

  /** @throws AppError `unavailable` when Redis doesn't answer in time */
  async ping(): Promise<void> {
    await this.core.connection.call('PING')
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#consumers.map((consumer) => consumer.stop(this.core.settings.graceMs)))
    this.core.connection.close()
  }
}
