import { allStreams, type ServiceName } from '@afo/contracts'
import { AppError, type Log } from '@afo/kit'
import type { Connection } from './connection.js'
import type { Metrics } from './metrics.js'
import type { Settings } from './settings.js'

/** What every part of one process's bus works with. */
export interface Core {
  readonly url: string
  readonly prefix: string
  readonly service: ServiceName
  readonly connection: Connection
  readonly settings: Settings
  readonly metrics: Metrics
  readonly log: Log
}

/** One entry of a Redis stream: its id, then fields and values in turn. Ours have one field, `m`, with JSON. */
export type Entry = readonly [id: string, fields: readonly string[]]

/**
 * The keys of one stream for one service, all under the stream's hash tag, so that scripts and reads stay within one slot of a Redis Cluster.
 * A fact that failed for one group comes back on that group's own retry stream, unseen by the others; a command on the stream itself.
 */
export interface Lane {
  readonly stream: string
  readonly group: ServiceName
  readonly key: string
  /** Other groups read it too: finished is acknowledged, and deleting is for `tidy`. */
  readonly shared: boolean
  readonly retryKey: string
  readonly delayedKey: string
  readonly deadKey: string
}

export const streamKey = (prefix: string, stream: string): string => `${prefix}:{${stream}}`

export const isShared = (stream: string): boolean => stream.startsWith('events.')

/** @throws AppError `bug` for another service's commands: they have one group, since the first to finish deletes */
export function laneOf(prefix: string, stream: string, group: ServiceName): Lane {
  const key = streamKey(prefix, stream)
  const shared = isShared(stream)
  if (!shared && stream !== `commands.${group}`) throw new AppError('bug', `${group} can't handle what is on ${stream}`)
  const [retryKey, delayedKey, deadKey] = [
    shared ? `${key}:${group}:retry` : key,
    `${key}:${group}:delayed`,
    `${key}:${group}:dead`,
  ]
  return { stream, group, key, shared, retryKey, delayedKey, deadKey }
}

/** Every lane a service could have. */
export const lanesOf = (prefix: string, group: ServiceName): Lane[] =>
  allStreams.filter((stream) => isShared(stream) || stream === `commands.${group}`).map((s) => laneOf(prefix, s, group))
