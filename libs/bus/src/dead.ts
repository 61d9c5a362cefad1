import { readMessage, type ServiceName } from '@afo/contracts'
import { type Core, type Entry, ownStream, parseJson } from './core.js'
import * as scripts from './scripts.js'
import type { DeadLetter } from './types.js'

/** A service's dead letters, newest first. A letter's id is `<entry>@<service>`. */
export async function listDead({ connection, key }: Core, service: ServiceName, limit: number, before?: string) {
  const from = before === undefined ? '+' : `(${entryOf(before)}`
  const entries = await connection.call('XREVRANGE', key(`dead.${service}`), from, '-', 'COUNT', limit)
  return (entries as Entry[]).map(([entry, [, letter]]): DeadLetter => {
    const deadAt = new Date(Number.parseInt(entry, 10)).toISOString()
    return { ...(parseJson(letter) as DeadLetter), id: `${entry}@${service}`, service, deadAt }
  })
}

/** Puts dead letters back under their own ids, from the first attempt. Answers how many were there. */
export async function redrive({ connection, key }: Core, service: ServiceName, ids: readonly string[]) {
  const [dead, stream] = [key(`dead.${service}`), key(ownStream(service))]
  let moved = 0
  for (const entry of ids.map(entryOf)) {
    const [found] = (await connection.call('XRANGE', dead, entry, entry)) as Entry[]
    if (!found) continue
    const { raw } = parseJson(found[1][1]) as DeadLetter
    const read = readMessage(parseJson(raw))
    // What can't be read stays as it is: a newer version may read it.
    const json = read.ok ? JSON.stringify({ ...read.message, attempt: 1 }) : raw
    moved += Number(await connection.script(scripts.redrive, [dead, stream], [entry, json]))
  }
  return moved
}

const entryOf = (id: string) => id.split('@')[0] ?? ''
