import type { ServiceName } from '@afo/contracts'
import { AppError, backoffMs, type Log, sleep } from '@afo/kit'
import type { Connection } from './connection.js'
import type { Lane, Source } from './keys.js'
import type { Metrics } from './metrics.js'
import * as scripts from './scripts.js'
import type { Settings } from './settings.js'

/** One delivered message, ours until it is finished, moved or taken over by a peer. */
export interface Held {
  readonly lane: Lane
  readonly source: Source
  readonly id: string
  readonly raw: string
  /** Handed out by Redis so often; above 1 after a process died with it. */
  readonly deliveries: number
  readonly controller: AbortController
}

export interface Letter {
  readonly reason: string
  readonly kind: string
  readonly code: string
  readonly name: string
  readonly attempt: number
  readonly firstSeenAt: string
}

/** As long as a lease: after that a peer has the message anyway. */
const SETTLE_TRIES = 10

interface Batch {
  readonly ids: string[]
  readonly done: Promise<unknown>
}

/** All that one consumer holds: keeps its leases, and tells Redis how each message ended. */
export class Holding {
  readonly #held = new Map<string, Held>()
  readonly #batches = new Map<Source, Batch>()
  readonly #waiting = new Set<() => void>()

  constructor(
    private readonly connection: Connection,
    private readonly group: ServiceName,
    private readonly consumer: string,
    private readonly settings: Settings,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  get size(): number {
    return this.#held.size
  }

  /** False for what is already in hand: a claim can bring our own message back after renewals failed for a while. */
  add(held: Held): boolean {
    const key = `${held.source.key} ${held.id}`
    if (this.#held.has(key)) return false
    this.#held.set(key, held)
    return true
  }

  /** Resolves when nothing is held. */
  async empty(): Promise<void> {
    while (this.#held.size > 0) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  abortAll(reason: AppError): void {
    for (const { controller } of this.#held.values()) controller.abort(reason)
  }

  /** Finished messages of one turn of the event loop share one command. */
  finish(held: Held): Promise<void> {
    return this.#settle(held, () => {
      const batch = this.#batches.get(held.source) ?? this.#openBatch(held)
      batch.ids.push(held.id)
      return batch.done
    })
  }

  postpone(held: Held, raw: string, delayMs: number): Promise<void> {
    const { lane, source } = held
    const args = [this.group, this.consumer, held.id, source.own ? 1 : 0, delayMs, raw]
    return this.#settle(held, () => this.connection.script(scripts.postpone, [source.key, lane.delayedKey], args))
  }

  bury(held: Held, letter: Letter): Promise<void> {
    const { lane, source } = held
    const fields = Object.entries({ m: held.raw, ...letter }).flat()
    const args = [this.group, this.consumer, held.id, source.own ? 1 : 0, ...fields]
    this.metrics.buried.inc({ kind: letter.kind })
    return this.#settle(held, () => this.connection.script(scripts.bury, [source.key, lane.deadKey], args))
  }

  /** Keeps the leases; what a peer has taken over is aborted, since two must not go on with it. */
  async renew(): Promise<void> {
    const all = [...this.#held.values()]
    for (const source of new Set(all.map((held) => held.source))) {
      const mine = all.filter((held) => held.source === source)
      const args = [this.group, this.consumer, ...mine.map((held) => held.id)]
      const lost = new Set((await this.connection.script(scripts.renew, [source.key], args)) as string[])
      for (const held of mine) {
        if (!lost.has(held.id) || held.controller.signal.aborted) continue
        this.metrics.lost.inc()
        this.log.warn({ stream: held.lane.stream, id: held.id }, 'lease lost')
        held.controller.abort(new AppError('unavailable', 'A peer has taken this message over', { code: 'lease-lost' }))
      }
    }
  }

  #openBatch({ source }: Held): Batch {
    const ids: string[] = []
    const done = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#batches.delete(source)
      if (source.own) return this.connection.script(scripts.finish, [source.key], [this.group, ...ids])
      return this.connection.call('XACK', source.key, this.group, ...ids)
    })
    const batch = { ids, done }
    this.#batches.set(source, batch)
    return batch
  }

  /** Never throws: what Redis can't be told stays pending, and is handled again by whoever claims it. */
  async #settle(held: Held, tell: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; tries <= SETTLE_TRIES; tries++) {
      try {
        await tell()
        break
      } catch (err) {
        this.log.warn({ err, stream: held.lane.stream, id: held.id, tries }, 'not settled yet')
        await sleep(backoffMs(tries, { baseMs: 50, capMs: this.settings.leaseMs / 5 }, Math.random()))
      }
    }
    this.#held.delete(`${held.source.key} ${held.id}`)
    if (this.#held.size === 0) {
      for (const resolve of this.#waiting) resolve()
      this.#waiting.clear()
    }
  }
}
