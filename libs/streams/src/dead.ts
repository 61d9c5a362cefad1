import { type Core, type Entry, ownStream } from './core.js'
import * as scripts from './scripts.js'

type Door = Pick<Core, 'connection' | 'key'>

/** A group's dead letters, newest first, each as the text that it ended with. @param before an entry's id: only older ones */
export async function deadOf({ connection, key }: Door, group: string, limit: number, before?: string) {
  const from = before === undefined ? '+' : `(${before}`
  const entries = await connection.call('XREVRANGE', key(`dead.${group}`), from, '-', 'COUNT', limit)
  return (entries as Entry[]).map(([id, [, text = '']]) => ({ id, at: Number.parseInt(id, 10), text }))
}

/** Puts dead letters back on the group's own stream, each as the text that `revive` makes of it. Answers how many were there. */
export async function redriveDead(
  { connection, key }: Door,
  group: string,
  ids: readonly string[],
  revive: (text: string) => string,
): Promise<number> {
  const [dead, stream] = [key(`dead.${group}`), key(ownStream(group))]
  let moved = 0
  for (const id of ids) {
    const [found] = (await connection.call('XRANGE', dead, id, id)) as Entry[]
    if (found)
      moved += Number(await connection.script(scripts.redrive, [dead, stream], [id, revive(found[1][1] ?? '')]))
  }
  return moved
}
