import { allStreams, type ServiceName } from '@afo/contracts'
import { AppError } from '@afo/kit'

/** One Redis stream as one group reads it. `own`: nobody else reads it, so what is finished is deleted at once. */
export interface Source {
  readonly key: string
  readonly own: boolean
}

/**
 * Everything one service has of one stream. All keys share the stream's hash tag, so that scripts and reads stay within one slot of a Redis Cluster.
 * A fact that failed for one group comes back on that group's own retry stream, unseen by the others.
 */
export interface Lane {
  readonly stream: string
  readonly group: ServiceName
  readonly sources: readonly Source[]
  /** Where what was delayed or redriven comes back. */
  readonly retryKey: string
  readonly delayedKey: string
  readonly deadKey: string
}

export const isEvents = (stream: string): boolean => stream.startsWith('events.')

export const streamKey = (prefix: string, stream: string): string => `${prefix}:{${stream}}`

/** @throws AppError `bug` for another service's commands: they have one group, since the first to finish deletes */
export function laneOf(prefix: string, stream: string, group: ServiceName): Lane {
  const key = streamKey(prefix, stream)
  const own = `${key}:${group}`
  if (!isEvents(stream) && stream !== `commands.${group}`)
    throw new AppError('bug', `${group} can't handle what is on ${stream}`)
  const retryKey = isEvents(stream) ? `${own}:retry` : key
  const retry = { key: retryKey, own: true }
  return {
    stream,
    group,
    sources: isEvents(stream) ? [{ key, own: false }, retry] : [retry],
    retryKey,
    delayedKey: `${own}:delayed`,
    deadKey: `${own}:dead`,
  }
}

/** Every lane a service could have. */
export const lanesOf = (prefix: string, group: ServiceName): Lane[] =>
  allStreams
    .filter((stream) => isEvents(stream) || stream === `commands.${group}`)
    .map((stream) => laneOf(prefix, stream, group))
