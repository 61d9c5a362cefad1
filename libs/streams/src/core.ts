import type { Log } from '@afo/kit'
import type { Connection } from './connection.js'
import type { Metrics } from './metrics.js'
import type { Settings } from './settings.js'

/** What every part of one process works with. */
export interface Core {
  readonly url: string
  /** Its consumer group: those who share the work. */
  readonly group: string
  readonly connection: Connection
  readonly settings: Settings
  readonly metrics: Metrics
  readonly log: Log
  /** The names of all streams: `own` ones are read by their group alone, `shared` ones by whoever listens. */
  readonly streams: { readonly own: readonly string[]; readonly shared: readonly string[] }
  /** The key of a stream, or of what belongs to a group: `delayed.<group>`, `dead.<group>`. All share a slot, so that one read or script spans them. */
  readonly key: (name: string) => string
}

/** One entry of a Redis stream: its id, then fields and values in turn. Ours have one field, `m`. */
export type Entry = readonly [id: string, fields: readonly string[]]

/** The stream that a group has to itself: what is meant for it, and whatever failed in its hands and is tried again. */
export const ownStream = (group: string): string => `commands.${group}`

/** Orders entry ids; for sorting. */
export function compareIds(a: string, b: string): number {
  const [[aMs = 0, aSeq = 0], [bMs = 0, bSeq = 0]] = [a.split('-').map(Number), b.split('-').map(Number)]
  return aMs - bMs || aSeq - bSeq
}
