import { readMessage, type ServiceName } from '@afo/contracts'
import { parseJson } from './json.js'
import type { DeadLetter } from './types.js'

/** What is written down of a message that is given up. */
export type Epitaph = Omit<DeadLetter, 'id' | 'service' | 'deadAt'>

/** A letter's id is `<entry>@<service>`. */
export function toLetter(service: ServiceName, { id, at, text }: { id: string; at: number; text: string }): DeadLetter {
  return { ...(parseJson(text) as Epitaph), id: `${id}@${service}`, service, deadAt: new Date(at).toISOString() }
}

/** The message as it was, on its first attempt. What can't be read stays as it is: a newer version may read it. */
export function toMessage(letter: string): string {
  const { raw } = parseJson(letter) as Epitaph
  const read = readMessage(parseJson(raw))
  return read.ok ? JSON.stringify({ ...read.message, attempt: 1 }) : raw
}
