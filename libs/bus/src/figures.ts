import { allStreams, type ServiceName, serviceNames } from '@afo/contracts'
import { type Core, ownStream } from './core.js'
import * as scripts from './scripts.js'
import type { StreamFigures } from './types.js'

const streams = [...new Set([...allStreams, ...serviceNames.map(ownStream)])]

/** Every group that has begun to read, and Redis's clock in milliseconds. */
export async function groupsOf({ connection, key }: Pick<Core, 'connection' | 'key'>) {
  type Row = [number, ServiceName, number, number | null, number, string | null, string]
  const reply = await connection.script(scripts.groups, streams.map(key), [])
  const [now, rows] = reply as [number, Row[]]
  const groups = rows.map(([place, group, length, lag, pending, oldest, last]) => {
    return { stream: streams[place] ?? '', group, length, lag, pending, oldest, unfinished: oldest ?? last }
  })
  return { now, groups }
}

/** Back-pressure of these services, as far as they have begun to read. */
export async function figuresOf(core: Pick<Core, 'connection' | 'key'>, services: readonly ServiceName[]) {
  const { connection, key } = core
  const { now, groups } = await groupsOf(core)
  const wanted = groups.filter(({ group }) => services.includes(group))
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
