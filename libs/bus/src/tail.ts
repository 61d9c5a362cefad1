import { type Message, readMessage } from '@afo/contracts'
import { AppError, backoffMs, sleep } from '@afo/kit'
import type { Connection } from './connection.js'
import { streamKey } from './keys.js'
import type { Entry } from './reader.js'
import type { Settings } from './settings.js'

const position = /^\d{1,15}(-\d{1,15})?(,\d{1,15}(-\d{1,15})?)*$/

/**
 * Every message of these streams after a position, in the order of their entries. A position is one entry id per stream, joined by commas, or one for all;
 * each message's id is such a position, so that a reader that comes back misses nothing on any of them. Polls: any number of readers cost no connection.
 */
export async function* tail(
  connection: Connection,
  prefix: string,
  streams: readonly string[],
  afterId: string,
  signal: AbortSignal,
  settings: Settings,
): AsyncGenerator<{ id: string; message: Message }> {
  if (afterId !== '$' && !position.test(afterId))
    throw new AppError('invalid', `${afterId} is no position of a stream`, { code: 'position' })
  const given = afterId.split(',')
  let at = afterId === '$' ? undefined : streams.map((_, i) => given[given.length === streams.length ? i : 0] ?? '0')
  let failures = 0
  while (!signal.aborted) {
    try {
      at ??= await Promise.all(streams.map((stream) => lastId(connection, streamKey(prefix, stream))))
      const found = await readAfter(connection, prefix, streams, at)
      failures = 0
      for (const { stream, entry } of found) {
        if (signal.aborted) return
        at[stream] = entry[0]
        const read = readMessage(parsed(entry[1][1]))
        if (read.ok) yield { id: at.join(','), message: read.message }
      }
      if (found.length > 0) continue
    } catch (thrown) {
      // A live view outlasts Redis being away for a while.
      if (!(thrown instanceof AppError) || thrown.kind !== 'unavailable') throw thrown
      failures++
    }
    await sleep(
      failures > 0 ? backoffMs(failures, { baseMs: settings.tailMs, capMs: 5_000 }, Math.random()) : settings.tailMs,
      signal,
    )
  }
}

async function readAfter(connection: Connection, prefix: string, streams: readonly string[], at: readonly string[]) {
  const pages = await Promise.all(
    streams.map(async (name, stream) => {
      const entries = (await connection.call(
        'XRANGE',
        streamKey(prefix, name),
        `(${at[stream]}`,
        '+',
        'COUNT',
        100,
      )) as Entry[]
      return entries.map((entry) => ({ stream, entry }))
    }),
  )
  return pages.flat().sort((a, b) => Number.parseInt(a.entry[0], 10) - Number.parseInt(b.entry[0], 10))
}

async function lastId(connection: Connection, key: string): Promise<string> {
  const [last] = (await connection.call('XREVRANGE', key, '+', '-', 'COUNT', 1)) as Entry[]
  return last?.[0] ?? '0-0'
}

function parsed(raw: string | undefined): unknown {
  try {
    return JSON.parse(raw ?? '')
  } catch {
    return undefined
  }
}
