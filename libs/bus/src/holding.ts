import { AppError, backoffMs, sleep } from '@afo/kit'
import type { Lane } from './core.js'
import type { Working } from './handling.js'
import * as scripts from './scripts.js'

/** One delivered message, ours until Redis knows how it ended or a peer takes it over. */
export interface Held {
  readonly key: string
  readonly shared: boolean
  readonly id: string
  readonly raw: string
  /** Above 1 after a process died with it. */
  readonly deliveries: number
  readonly controller: AbortController
  settled?: Promise<void>
}

/** How a handling ended, as told to Redis. `json` is the message for another try, or the letter. */
export type End =
  | { readonly to: 'done' }
  | { readonly to: 'delayed'; readonly json: string; readonly delayMs: number }
  | { readonly to: 'dead'; readonly json: string }

/** About a lease long: after that a peer has the message anyway. */
const SETTLE_TRIES = 10

/** What one consumer holds of one lane: keeps the leases, and tells Redis how each message ended. */
export class Holding {
  readonly #held = new Map<string, Held>()
  readonly #finished = new Map<string, { readonly ids: string[]; readonly told: Promise<unknown> }>()

  constructor(
    private readonly lane: Lane,
    private readonly working: Working,
  ) {}

  get size(): number {
    return this.#held.size
  }

  all(): Held[] {
    return [...this.#held.values()]
  }

  /** False for what is held already: a claim brings our own message back after renewals failed for a while. */
  add(held: Held): boolean {
    if (this.#held.has(`${held.key} ${held.id}`)) return false
    this.#held.set(`${held.key} ${held.id}`, held)
    return true
  }

  /** Never throws: what Redis can't be told stays pending, and is handled again by whoever claims it. */
  async settle(held: Held, end: End): Promise<void> {
    for (let tries = 1; tries <= SETTLE_TRIES; tries++) {
      try {
        await this.#tell(held, end)
        break
      } catch (err) {
        this.working.log.warn({ err, stream: held.key, id: held.id, tries }, 'not settled yet')
        await sleep(backoffMs(tries, { baseMs: 50, capMs: this.working.settings.leaseMs / 5 }, Math.random()))
      }
    }
    this.#held.delete(`${held.key} ${held.id}`)
  }

  /** Keeps the leases; what a peer has taken over is aborted, since two must not go on with it. */
  async renew(): Promise<void> {
    const { connection, consumer, log, metrics } = this.working
    for (const { key, id, controller } of this.all()) {
      const mine = await connection.script(scripts.renew, [key], [this.lane.group, consumer, id])
      if (mine || controller.signal.aborted) continue
      metrics.lost.inc()
      log.warn({ stream: key, id }, 'lease lost')
      controller.abort(new AppError('unavailable', 'A peer has taken this message over', { code: 'lease-lost' }))
    }
  }

  #tell({ key, shared, id }: Held, end: End): Promise<unknown> {
    if (end.to === 'done') return this.#finish(key, shared, id)
    const { group, delayedKey, deadKey } = this.lane
    const [target, delayMs] = end.to === 'delayed' ? [delayedKey, end.delayMs] : [deadKey, -1]
    const args = [group, this.working.consumer, id, String(shared), delayMs, end.json]
    return this.working.connection.script(scripts.move, [key, target], args)
  }

  /** Messages finished in one turn of the event loop share one command. */
  #finish(key: string, shared: boolean, id: string): Promise<unknown> {
    const open = this.#finished.get(key)
    open?.ids.push(id)
    if (open) return open.told
    const ids = [id]
    const told = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#finished.delete(key)
      return this.working.connection.script(scripts.finish, [key], [String(shared), this.lane.group, ...ids])
    })
    this.#finished.set(key, { ids, told })
    return told
  }
}
