import { setImmediate } from 'node:timers/promises'
import { backoffMs, sleep } from '@afo/kit'
import type { Argument } from './connection.js'
import { type Core, ownStream } from './core.js'
import type { End, Held } from './handling.js'
import * as scripts from './scripts.js'

/** About a lease long: after that a peer has the message anyway. */
const TRIES = 10

/** Tells Redis how handlings ended: those of one stream and one turn of the event loop in one command. */
export class Settling {
  readonly #open = new Map<string, { readonly ends: Argument[]; readonly told: Promise<void> }>()

  constructor(
    private readonly core: Core,
    private readonly consumer: string,
  ) {}

  /** Never throws: what Redis can't be told stays pending, and is handled again by whoever claims it. */
  settle({ key, id }: Held, end: End): Promise<void> {
    let batch = this.#open.get(key)
    if (!batch) {
      const ends: Argument[] = []
      batch = { ends, told: setImmediate().then(() => this.#tell(key, ends)) }
      this.#open.set(key, batch)
    }
    batch.ends.push(id, ...end)
    return batch.told
  }

  async #tell(stream: string, ends: readonly Argument[]): Promise<void> {
    this.#open.delete(stream)
    const { connection, service, settings, log, key } = this.core
    const keys = [stream, key(`delayed.${service}`), key(`dead.${service}`)]
    const args = [service, this.consumer, String(stream === key(ownStream(service))), ...ends]
    for (let tries = 1; tries <= TRIES; tries++) {
      try {
        await connection.script(scripts.settle, keys, args)
        return
      } catch (err) {
        log.warn({ err, stream, messages: ends.length / 3, tries }, 'not settled yet')
        await sleep(backoffMs(tries, { baseMs: 50, capMs: settings.leaseMs / 5 }, Math.random()))
      }
    }
  }
}
