import { type Message, readMessage } from '@afo/contracts'
import { AppError, sleep, toAppError } from '@afo/kit'
import type { Connection } from './connection.js'
import type { Entry } from './core.js'
import { compareIds } from './groups.js'
import { parseJson } from './handling.js'

/**
 * Every message of these streams after a position, as it comes. A position is one entry id per stream, joined by commas, or one for all, or "$"; each message's
 * id is one, so that who comes back with it misses nothing. Polls: any number of live views cost no connection, and outlast Redis being away.
 */
export async function* tail(
  connection: Connection,
  keys: readonly string[],
  after: string,
  signal: AbortSignal,
  pollMs: number,
): AsyncGenerator<{ id: string; message: Message }> {
  if (!/^(\$|\d{1,15}(-\d{1,15})?(,\d{1,15}(-\d{1,15})?)*)$/.test(after))
    throw new AppError('invalid', `No position: ${after}`)
  const given = after.split(',')
  let at = after === '$' ? undefined : keys.map((_, i) => given[given.length === keys.length ? i : 0] ?? '0')
  while (!signal.aborted) {
    try {
      at ??= await Promise.all(keys.map((key) => lastId(connection, key)))
      const from = at
      const pages = keys.map(async (key, stream) => {
        const entries = (await connection.call('XRANGE', key, `(${from[stream]}`, '+', 'COUNT', 100)) as Entry[]
        return entries.map(([id, fields]) => ({ stream, id, raw: fields[1] }))
      })
      for (const { stream, id, raw } of (await Promise.all(pages)).flat().sort((a, b) => compareIds(a.id, b.id))) {
        at[stream] = id
        const read = readMessage(parseJson(raw))
        if (read.ok) yield { id: at.join(','), message: read.message }
      }
    } catch (thrown) {
      if (toAppError(thrown).kind !== 'unavailable') throw thrown
    }
    await sleep(pollMs, signal)
  }
}

async function lastId(connection: Connection, key: string): Promise<string> {
  const [last] = (await connection.call('XREVRANGE', key, '+', '-', 'COUNT', 1)) as Entry[]
  return last?.[0] ?? '0-0'
}
