import { setImmediate } from 'node:timers/promises'
import { backoffMs, sleep } from '@afo/kit'
import type { Argument } from './connection.js'
import { type Core, ownStream } from './core.js'
import * as scripts from './scripts.js'

/** How a delivery ended: done, or moved as this text to the dead letters or (a number of milliseconds) to be delivered again. */
export type End = readonly [to: 'done' | 'dead' | number, text: string]

/** About a lease long: after that a peer has the message anyway. */
const TRIES = 10

/** Tells Redis how deliveries ended: those of one stream and one turn of the event loop in one command. */
export class Settling {
  readonly #open = new Map<string, { readonly ends: Argument[]; readonly told: Promise<void> }>()

  constructor(
    private readonly core: Core,
    private readonly consumer: string,
  ) {}

  /** Never throws: what Redis can't be told stays pending, and is delivered again to whoever claims it. */
  settle(stream: string, id: string, end: End): Promise<void> {
    let batch = this.#open.get(stream)
    if (!batch) {
      const ends: Argument[] = []
      batch = { ends, told: setImmediate().then(() => this.#tell(stream, ends)) }
      this.#open.set(stream, batch)
    }
    batch.ends.push(id, ...end)
    return batch.told
  }

  async #tell(stream: string, ends: readonly Argument[]): Promise<void> {
    this.#open.delete(stream)
    const { connection, group, settings, log, key } = this.core
    const keys = [stream, key(`delayed.${group}`), key(`dead.${group}`)]
    const args = [group, this.consumer, String(stream === key(ownStream(group))), ...ends]
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
