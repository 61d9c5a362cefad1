import { allStreams } from '@afo/contracts'
import { type Core, compareIds } from './core.js'
import { groupsOf } from './figures.js'
import * as scripts from './scripts.js'

/** Removes facts that all groups have finished, and consumers of processes long gone from these streams. */
export async function tidy(core: Core, keys: readonly string[]): Promise<void> {
  const { connection, service, settings, key } = core
  const { now, groups } = await groupsOf(core)
  for (const stream of allStreams.filter((name) => name.startsWith('events.'))) {
    const unfinished = groups.filter((group) => group.stream === stream).map((group) => group.unfinished)
    const age = unfinished.length > 0 ? settings.retentionMs : settings.unheardMs
    // What a group has finished stays finished, so that nothing below this can be needed by the time it is trimmed.
    const [lowest = '0'] = [`${Math.max(0, now - age)}-0`, ...unfinished].sort(compareIds)
    await connection.call('XTRIM', key(stream), 'MINID', lowest)
  }
  for (const each of keys) await connection.script(scripts.sweep, [each], [service, settings.consumerIdleMs])
}
