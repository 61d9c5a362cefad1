import { type Core, compareIds } from './core.js'
import { groupsOf } from './figures.js'
import * as scripts from './scripts.js'

/** Removes from shared streams what all groups have finished, and from these streams the consumers of processes long gone. */
export async function tidy(core: Core, keys: readonly string[]): Promise<void> {
  const { connection, group, settings, streams, key } = core
  const { now, groups } = await groupsOf(core)
  for (const stream of streams.shared) {
    const unfinished = groups.filter((reader) => reader.stream === stream).map((reader) => reader.unfinished)
    const age = unfinished.length > 0 ? settings.retentionMs : settings.unheardMs
    // What a group has finished stays finished, so that nothing below this can be needed by the time it is trimmed.
    const [lowest = '0'] = [`${Math.max(0, now - age)}-0`, ...unfinished].sort(compareIds)
    await connection.call('XTRIM', key(stream), 'MINID', lowest)
  }
  for (const each of keys) await connection.script(scripts.sweep, [each], [group, settings.consumerIdleMs])
}
