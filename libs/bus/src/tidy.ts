import { allStreams } from '@afo/contracts'
import { type Core, isShared, type Lane, streamKey } from './core.js'
import { compareIds, groupsOf, redisNow } from './groups.js'
import * as scripts from './scripts.js'

/** Removes facts that all groups have finished, and consumers of processes long gone. */
export async function tidy({ connection, prefix, settings }: Core, lanes: readonly Lane[]): Promise<void> {
  const now = await redisNow(connection)
  for (const key of allStreams.filter(isShared).map((stream) => streamKey(prefix, stream))) {
    const groups = await groupsOf(connection, key)
    const age = groups.length > 0 ? settings.retentionMs : settings.unheardMs
    // What a group has finished stays finished, so that nothing below this can be needed by the time it is trimmed.
    const bounds = [`${Math.max(0, now - age)}-0`, ...groups.map(({ unfinished }) => unfinished)]
    await connection.call('XTRIM', key, 'MINID', bounds.sort(compareIds)[0] ?? '0')
  }
  for (const { group, key, retryKey } of lanes) {
    for (const each of new Set([key, retryKey]))
      await connection.script(scripts.sweep, [each], [group, settings.consumerIdleMs])
  }
}
