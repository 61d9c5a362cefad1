import { allStreams } from '@afo/contracts'
import type { Connection } from './connection.js'
import { isEvents, type Lane, type Source, streamKey } from './keys.js'
import type { Entry } from './reader.js'
import * as scripts from './scripts.js'
import type { Settings } from './settings.js'

/** Puts the lane's delayed messages that are due back on their stream; answers the milliseconds until the next look. */
export async function forwardDue(connection: Connection, lane: Lane, settings: Settings): Promise<number> {
  const nextMs = Number(await connection.script(scripts.forward, [lane.delayedKey, lane.retryKey], [500]))
  return nextMs < 0 ? settings.forwardMs : Math.min(nextMs, settings.forwardMs)
}

export interface Claimed {
  readonly source: Source
  readonly entry: Entry
  readonly deliveries: number
}

/** Takes over up to `count` messages of each source whose owner has not renewed them for a lease. `vanished`: pending, but no longer on the stream. */
export async function claimStale(
  connection: Connection,
  lane: Lane,
  consumer: string,
  count: number,
  settings: Settings,
) {
  const taken: Claimed[] = []
  let vanished = 0
  for (const source of lane.sources) {
    let cursor = '0-0'
    do {
      const args = [lane.group, consumer, settings.leaseMs, cursor, count - taken.length]
      const reply = await connection.script(scripts.claim, [source.key], args)
      const [next, entries, gone] = reply as [string, [...Entry, number][], string[]]
      for (const [id, fields, deliveries] of entries) taken.push({ source, entry: [id, fields], deliveries })
      vanished += gone.length
      cursor = next
    } while (cursor !== '0-0' && taken.length < count)
  }
  return { taken, vanished }
}

/** Removes facts that all groups have finished, and this lane's consumers of processes long gone. */
export async function tidy(
  connection: Connection,
  prefix: string,
  lanes: readonly Lane[],
  settings: Settings,
): Promise<void> {
  for (const stream of allStreams.filter(isEvents)) {
    await connection.script(scripts.trim, [streamKey(prefix, stream)], [settings.retentionMs, settings.unheardMs])
  }
  for (const { group, sources } of lanes) {
    for (const { key } of sources) await connection.script(scripts.sweep, [key], [group, settings.consumerIdleMs])
  }
}
