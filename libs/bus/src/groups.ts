import type { ServiceName } from '@afo/contracts'
import type { Connection } from './connection.js'
import { type Core, laneOf, streamKey } from './core.js'
import type { StreamFigures } from './types.js'

/** The groups of a stream; none where there is no such stream. */
export async function groupsOf(connection: Connection, key: string) {
  if (!(await connection.call('EXISTS', key))) return []
  const infos = (await connection.call('XINFO', 'GROUPS', key)) as unknown[][]
  return Promise.all(
    infos.map(async (info) => {
      const field = (name: string) => info[info.indexOf(name) + 1]
      const [pending, oldest] = (await connection.call('XPENDING', key, String(field('name')))) as [
        number,
        string | null,
      ]
      const lag = field('lag') as number | null
      return { name: field('name'), lag, pending, oldest, unfinished: oldest ?? String(field('last-delivered-id')) }
    }),
  )
}

/** Back-pressure of one stream for these services, as far as they have read it. */
export async function figuresOf({ connection, prefix }: Core, stream: string, services: readonly ServiceName[]) {
  const [now, groups] = await Promise.all([redisNow(connection), groupsOf(connection, streamKey(prefix, stream))])
  const rows = services.map(async (group): Promise<StreamFigures[]> => {
    const found = groups.find(({ name }) => name === group)
    if (!found) return []
    const { key, delayedKey, deadKey, shared } = laneOf(prefix, stream, group)
    const sizes = [connection.call('XLEN', key), connection.call('ZCARD', delayedKey), connection.call('XLEN', deadKey)]
    const [length = 0, delayed = 0, dead = 0] = (await Promise.all(sizes)).map(Number)
    const { pending, oldest } = found
    // Redis loses count of the lag where entries are deleted; there, what is on the stream and not pending hasn't been delivered.
    const lag = shared ? found.lag : Math.max(0, length - pending)
    const oldestPendingMs = oldest === null ? null : Math.max(0, now - Number.parseInt(oldest, 10))
    return [{ stream, group, length, lag, pending, oldestPendingMs, delayed, dead }]
  })
  return (await Promise.all(rows)).flat()
}

/** Redis's clock, in milliseconds. */
export async function redisNow(connection: Connection): Promise<number> {
  const [seconds = 0, micros = 0] = ((await connection.call('TIME')) as string[]).map(Number)
  return seconds * 1000 + Math.floor(micros / 1000)
}

/** Orders entry ids; for sorting. */
export function compareIds(a: string, b: string): number {
  const [[aMs = 0, aSeq = 0], [bMs = 0, bSeq = 0]] = [a.split('-').map(Number), b.split('-').map(Number)]
  return aMs - bMs || aSeq - bSeq
}
