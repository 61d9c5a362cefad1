import { type ServiceName, serviceNames } from '@afo/contracts'
import type { Connection } from './connection.js'
import { isEvents, laneOf, streamKey } from './keys.js'
import type { StreamFigures } from './types.js'

/** Back-pressure of these streams, a row for each group that has read them. */
export async function readFigures(
  connection: Connection,
  prefix: string,
  streams: readonly string[],
  only?: ServiceName,
): Promise<StreamFigures[]> {
  const rows = await Promise.all(streams.map((stream) => figuresOf(connection, prefix, stream, only)))
  return rows.flat()
}

async function figuresOf(
  connection: Connection,
  prefix: string,
  stream: string,
  only?: ServiceName,
): Promise<StreamFigures[]> {
  const key = streamKey(prefix, stream)
  if (Number(await connection.call('EXISTS', key)) === 0) return []
  const groups = ((await connection.call('XINFO', 'GROUPS', key)) as unknown[][]).map(toRecord)
  const known = groups.flatMap((info) =>
    serviceNames.filter((name) => name === info.name).map((name) => ({ name, info })),
  )
  return Promise.all(
    known
      .filter(({ name }) => only === undefined || name === only)
      .map(async ({ name, info }): Promise<StreamFigures> => {
        const { delayedKey, deadKey, retryKey } = laneOf(prefix, stream, name)
        const [length, pending, time, delayed, dead, retrying] = await Promise.all([
          connection.call('XLEN', key),
          connection.call('XPENDING', key, name),
          connection.call('TIME'),
          connection.call('ZCARD', delayedKey),
          connection.call('XLEN', deadKey),
          connection.call('XLEN', retryKey),
        ])
        const [count, oldest] = pending as [number, string | null]
        const shared = isEvents(stream)
        return {
          stream,
          group: name,
          length: Number(length) + (shared ? Number(retrying) : 0),
          // Where the only reader deletes what it has finished, what is there and not pending hasn't been delivered; Redis's own lag is lost by deleting.
          lag: shared ? (info.lag === null ? null : Number(info.lag)) : Math.max(0, Number(length) - count),
          pending: count,
          oldestPendingMs:
            oldest === null ? null : Math.max(0, Number((time as string[])[0]) * 1000 - Number.parseInt(oldest, 10)),
          delayed: Number(delayed),
          dead: Number(dead),
        }
      }),
  )
}

/** Redis's flat list of names and values. */
function toRecord(flat: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[String(name), flat[i + 1]]] : [])))
}
