import { readMessage, type ServiceName } from '@afo/contracts'
import { type Core, type Entry, laneOf, lanesOf } from './core.js'
import { compareIds } from './groups.js'
import { parseJson } from './handling.js'
import * as scripts from './scripts.js'
import type { Bus, DeadLetter } from './types.js'

/** What a person does with dead letters. A letter's id is `<entry>@<stream>`. */
export function deadLetters({ connection, prefix }: Core): Pick<Bus, 'listDead' | 'redrive' | 'dismiss'> {
  return {
    async listDead(service, { limit, before }) {
      const pages = lanesOf(prefix, service).map(async ({ stream, deadKey }) => {
        const from = before?.split('@')[0] ?? '+'
        const entries = (await connection.call('XREVRANGE', deadKey, from, '-', 'COUNT', limit + 1)) as Entry[]
        return entries.map((entry) => toLetter(entry, stream, service))
      })
      const letters = (await Promise.all(pages)).flat().sort((a, b) => newestFirst(a.id, b.id))
      return letters.filter(({ id }) => before === undefined || newestFirst(before, id) < 0).slice(0, limit)
    },
    redrive: (service, ids) =>
      each(ids, async (entry, stream) => {
        const { deadKey, retryKey } = laneOf(prefix, stream, service)
        const [found] = (await connection.call('XRANGE', deadKey, entry, entry)) as Entry[]
        if (!found) return 0
        const json = fromTheFirstAttempt(toLetter(found, stream, service).raw)
        return connection.script(scripts.redrive, [deadKey, retryKey], [entry, json])
      }),
    dismiss: (service, ids) =>
      each(ids, (entry, stream) => connection.call('XDEL', laneOf(prefix, stream, service).deadKey, entry)),
  }
}

async function each(ids: readonly string[], act: (entry: string, stream: string) => Promise<unknown>): Promise<number> {
  let count = 0
  for (const [entry = '', stream = ''] of ids.map((id) => id.split('@'))) count += Number(await act(entry, stream))
  return count
}

function toLetter([entry, [, letter]]: Entry, stream: string, service: ServiceName): DeadLetter {
  const deadAt = new Date(Number.parseInt(entry, 10)).toISOString()
  return { ...(parseJson(letter) as DeadLetter), id: `${entry}@${stream}`, service, deadAt }
}

/** What can't be read stays as it is: a newer version may read it. */
function fromTheFirstAttempt(raw: string): string {
  const read = readMessage(parseJson(raw))
  return read.ok ? JSON.stringify({ ...read.message, attempt: 1 }) : raw
}

const entryOf = (id: string) => id.split('@')[0] ?? ''
const newestFirst = (a: string, b: string) => compareIds(entryOf(b), entryOf(a)) || a.localeCompare(b)
