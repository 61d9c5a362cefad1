import { type Core, ownStream } from './core.js'
import * as scripts from './scripts.js'

/** Back-pressure of one stream for one group. What a group has delayed or given up is told with its own stream. */
export interface StreamFigures {
  readonly stream: string
  readonly group: string
  readonly length: number
  /** Not yet delivered; null where Redis can't tell after a trim. */
  readonly lag: number | null
  readonly pending: number
  readonly oldestPendingMs: number | null
  readonly delayed: number
  readonly dead: number
}

/** Every group that has begun to read, and Redis's clock in milliseconds. */
export async function groupsOf({ connection, key, streams }: Pick<Core, 'connection' | 'key' | 'streams'>) {
  type Row = [number, string, number, number | null, number, string | null, string]
  const all = [...streams.own, ...streams.shared]
  const [now, rows] = (await connection.script(scripts.groups, all.map(key), [])) as [number, Row[]]
  const groups = rows.map(([place, group, length, lag, pending, oldest, last]) => {
    return { stream: all[place] ?? '', group, length, lag, pending, oldest, unfinished: oldest ?? last }
  })
  return { now, groups }
}

/** Back-pressure of all groups, or of one, as far as they have begun to read. */
export async function figures(core: Pick<Core, 'connection' | 'key' | 'streams'>, of?: string) {
  const { connection, key } = core
  const { now, groups } = await groupsOf(core)
  const wanted = groups.filter(({ group }) => of === undefined || group === of)
  return Promise.all(
    wanted.map(async ({ stream, group, length, lag, pending, oldest }): Promise<StreamFigures> => {
      const own = stream === ownStream(group)
      const sizes = [connection.call('ZCARD', key(`delayed.${group}`)), connection.call('XLEN', key(`dead.${group}`))]
      const [delayed = 0, dead = 0] = own ? (await Promise.all(sizes)).map(Number) : []
      const oldestPendingMs = oldest === null ? null : Math.max(0, now - Number.parseInt(oldest, 10))
      // Redis loses count of the lag where entries are deleted; there, what is on the stream and not pending hasn't been delivered.
      const waiting = own ? Math.max(0, length - pending) : lag
      return { stream, group, length, lag: waiting, pending, oldestPendingMs, delayed, dead }
    }),
  )
}
