import type { ServiceName } from '@afo/contracts'
import type { Log } from '@afo/kit'
import type { Connection } from './connection.js'
import type { Metrics } from './metrics.js'
import type { Settings } from './settings.js'

/** What every part of one process's bus works with. */
export interface Core {
  readonly url: string
  readonly service: ServiceName
  readonly connection: Connection
  readonly settings: Settings
  readonly metrics: Metrics
  readonly log: Log
  /** A key of this bus: `events.invoice`, `commands.payments`, `delayed.payments`, `dead.payments`. All share a slot, so that one read or script spans them. */
  readonly key: (name: string) => string
}

/** One entry of a Redis stream: its id, then fields and values in turn. Ours have one field, `m`, with JSON. */
export type Entry = readonly [id: string, fields: readonly string[]]

/** The stream that a service has to itself: its commands, and whatever failed in its hands and is tried again. */
export const ownStream = (service: ServiceName): string => `commands.${service}`

/** Orders entry ids; for sorting. */
export function compareIds(a: string, b: string): number {
  const [[aMs = 0, aSeq = 0], [bMs = 0, bSeq = 0]] = [a.split('-').map(Number), b.split('-').map(Number)]
  return aMs - bMs || aSeq - bSeq
}

/** Undefined for what is no JSON. */
export function parseJson(raw: string | undefined): unknown {
  try {
    return JSON.parse(raw ?? '')
  } catch {
    return undefined
  }
}
