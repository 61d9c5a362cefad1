import { hostname } from 'node:os'
import { AppError, createEndings, type Log, newId, type Registry, type TimeScale } from '@afo/kit'
import { type Argument, Connection } from './connection.js'
import type { Core } from './core.js'
import { deadOf, redriveDead } from './dead.js'
import { createEphemeral } from './ephemeral.js'
import { figures } from './figures.js'
import { follow } from './follow.js'
import { createMetrics } from './metrics.js'
import { Reader, type ReadOptions } from './reader.js'
import * as scripts from './scripts.js'
import { resolveSettings, type Settings } from './settings.js'

export interface StreamsOptions extends Pick<Core, 'group' | 'streams' | 'log'> {
  readonly redisUrl: string
  readonly registry: Registry
  readonly scale: TimeScale
  readonly log: Log
  /** In front of every key, so that several systems can share a Redis. */
  readonly prefix?: string | undefined
  /** Taken as they are, unscaled. */
  readonly settings?: Partial<Settings> | undefined
}

export type Streams = Awaited<ReturnType<typeof openStreams>>

/** Opens the streams. @throws AppError `unavailable` without a Redis, `invalid` for one that may evict or a scale that breaks an order */
export async function openStreams(options: StreamsOptions) {
  const { redisUrl: url, group, streams, log, registry, scale, prefix = 'afo' } = options
  const settings = resolveSettings(scale, options.settings)
  const name = `${group}:${hostname()}:${process.pid}:${Math.round(performance.timeOrigin + performance.now())}`
  const connection = new Connection(url, name, settings, log)
  try {
    await connection.ready(settings.connectMs)
    const policy = /maxmemory_policy:(\S+)/.exec(String(await connection.call('INFO', 'memory')))?.[1]
    const why = `Redis's maxmemory-policy must be noeviction, not ${policy}: it would throw messages away`
    if (policy !== 'noeviction') throw new AppError('invalid', why)
  } catch (thrown) {
    connection.close()
    throw thrown
  }
  const key = (part: string) => `{${prefix}}:${part}`
  const metrics = createMetrics(registry, () => figures({ connection, key, streams }, group))
  const core: Core = { url, group, streams, connection, settings, metrics, log, key }
  const readers: Reader[] = []
  const views = createEndings()
  return {
    settings,
    /** Adds all texts to their streams or none, in order. An error means *unknown*. @throws AppError `unavailable` */
    async publish(texts: readonly { readonly stream: string; readonly text: string }[]): Promise<void> {
      const [keys, args] = [texts.map(({ stream }) => key(stream)), texts.map(({ text }) => text)]
      // One by itself needs no script, which costs Redis more than the message does.
      if (texts.length === 1) await connection.call('XADD', ...keys, '*', 'm', ...args)
      else if (texts.length > 1) await connection.script(scripts.publish, keys, args)
    },
    read(given: ReadOptions): Reader {
      const reader = new Reader(core, `${name}:${readers.length}`, given)
      readers.push(reader)
      return reader
    },
    async *follow(names: readonly string[], after: string, signal: AbortSignal) {
      const view = views.begin()
      try {
        yield* follow(core, names, after, AbortSignal.any([signal, view.signal]))
      } finally {
        views.end(view)
      }
    },
    deadOf: deadOf.bind(null, core),
    redriveDead: redriveDead.bind(null, core),
    figures: () => figures(core),
    /** Names Redis's memory: another name than before means that it has forgotten everything. @throws AppError `unavailable` */
    epoch: async (): Promise<string> => String(await connection.script(scripts.epoch, [key('epoch')], [newId()])),
    /** Small values with a life time that may be lost with Redis. */
    ephemeral: createEphemeral(core),
    /** Runs a Lua script (EVALSHA with fallback); the limiter's door to Redis. */
    runScript: (lua: string, keys: readonly string[], args: readonly Argument[]): Promise<unknown> =>
      connection.script(lua, keys.map(key), args),
    /** @throws AppError `unavailable` when Redis doesn't answer in time */
    ping: async (): Promise<void> => void (await connection.call('PING')),
    async close(): Promise<void> {
      views.endAll()
      await Promise.all(readers.map((reader) => reader.stop(settings.graceMs)))
      connection.close()
    },
  }
}
