import { AppError, sleep, toAppError } from '@afo/kit'
import { type Core, compareIds, type Entry } from './core.js'

/**
 * Every entry of these streams after a position, as it comes. A position is one entry id per stream, joined by commas, or one for all, or "$"; each entry's
 * place is one, so that who comes back with it misses nothing. Polls: any number of followers cost no connection, and outlast Redis being away.
 */
export async function* follow(
  { connection, settings, key }: Core,
  streams: readonly string[],
  after: string,
  signal: AbortSignal,
): AsyncGenerator<{ place: string; text: string }> {
  if (!/^(\$|\d{1,15}(-\d{1,15})?(,\d{1,15}(-\d{1,15})?)*)$/.test(after))
    throw new AppError('invalid', `No position: ${after}`)
  const keys = streams.map(key)
  const lastOf = async (stream: string) => {
    const [last] = (await connection.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)) as Entry[]
    return last?.[0] ?? '0-0'
  }
  const given = after.split(',')
  let at = after === '$' ? undefined : keys.map((_, i) => given[given.length === keys.length ? i : 0] ?? '0')
  while (!signal.aborted) {
    try {
      at ??= await Promise.all(keys.map(lastOf))
      const reply = await connection.call('XREAD', 'COUNT', 100, 'STREAMS', ...keys, ...at)
      const found = ((reply ?? []) as [string, Entry[]][]).flatMap(([stream, entries]) =>
        entries.map(([id, [, text = '']]) => ({ stream: keys.indexOf(stream), id, text })),
      )
      for (const { stream, id, text } of found.sort((a, b) => compareIds(a.id, b.id))) {
        at[stream] = id
        yield { place: at.join(','), text }
      }
    } catch (thrown) {
      if (toAppError(thrown).kind !== 'unavailable') throw thrown
    }
    await sleep(settings.tailMs, signal)
  }
}
