import { readMessage, type ServiceName } from '@afo/contracts'
import type { Connection } from './connection.js'
import { laneOf, lanesOf } from './keys.js'
import type { Entry } from './reader.js'
import * as scripts from './scripts.js'
import type { DeadLetter } from './types.js'

/** Newest first, over all streams the service hears. A letter's id is `<entry>@<stream>`. */
export async function listDead(
  connection: Connection,
  prefix: string,
  service: ServiceName,
  { limit, before }: { limit: number; before?: string },
): Promise<DeadLetter[]> {
  const from = before === undefined ? '+' : splitId(before).entry
  const pages = await Promise.all(
    lanesOf(prefix, service).map(async ({ stream, deadKey }) => {
      const entries = (await connection.call('XREVRANGE', deadKey, from, '-', 'COUNT', limit + 1)) as Entry[]
      return entries.map(([entry, fields]) => toLetter(`${entry}@${stream}`, service, fields))
    }),
  )
  const letters = pages.flat().sort((a, b) => newestFirst(a.id, b.id))
  return letters.filter(({ id }) => before === undefined || newestFirst(before, id) < 0).slice(0, limit)
}

/** Back on their streams, as on the first attempt. Answers how many there were. */
export async function redrive(
  connection: Connection,
  prefix: string,
  service: ServiceName,
  ids: readonly string[],
): Promise<number> {
  let moved = 0
  for (const { entry, stream } of ids.map(splitId)) {
    const { deadKey, retryKey } = laneOf(prefix, stream, service)
    const [found] = (await connection.call('XRANGE', deadKey, entry, entry)) as Entry[]
    if (!found) continue
    const { raw } = toLetter('', service, found[1])
    moved += Number(await connection.script(scripts.redrive, [deadKey, retryKey], [entry, firstAttempt(raw)]))
  }
  return moved
}

/** Throws letters away for good. Answers how many there were. */
export async function dismiss(
  connection: Connection,
  prefix: string,
  service: ServiceName,
  ids: readonly string[],
): Promise<number> {
  let gone = 0
  for (const { entry, stream } of ids.map(splitId))
    gone += Number(await connection.call('XDEL', laneOf(prefix, stream, service).deadKey, entry))
  return gone
}

function toLetter(id: string, service: ServiceName, fields: readonly string[]): DeadLetter {
  const field = (name: string) => fields[fields.indexOf(name) + 1] ?? ''
  return {
    id,
    service,
    name: field('name'),
    reason: field('reason'),
    kind: field('kind'),
    code: field('code'),
    attempt: Number(field('attempt')),
    firstSeenAt: field('firstSeenAt') || null,
    deadAt: new Date(Number.parseInt(id, 10) || 0).toISOString(),
    raw: field('m'),
  }
}

/** What can't be read stays as it is: it will be readable to a newer version, or come back. */
function firstAttempt(raw: string): string {
  try {
    const read = readMessage(JSON.parse(raw))
    return read.ok ? JSON.stringify({ ...read.message, attempt: 1 }) : raw
  } catch {
    return raw
  }
}

function splitId(id: string): { entry: string; stream: string } {
  const at = id.indexOf('@')
  return { entry: id.slice(0, at), stream: id.slice(at + 1) }
}

function newestFirst(a: string, b: string): number {
  const [x, y] = [splitId(a), splitId(b)]
  const [[xMs = 0, xSeq = 0], [yMs = 0, ySeq = 0]] = [x.entry.split('-').map(Number), y.entry.split('-').map(Number)]
  return yMs - xMs || ySeq - xSeq || x.stream.localeCompare(y.stream)
}
