import { createHash } from 'node:crypto'
import type { SandboxClock } from './clock.js'

const lifetimeMs = 6 * 60_000

/** An answer as it goes over the wire, so that a replay is the same bytes. */
export interface WireAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

interface Entry {
  readonly fingerprint: string
  readonly at: number
  answer: WireAnswer | undefined
  readonly pending: Promise<WireAnswer>
}

export type Keyed =
  | { readonly kind: 'answered'; readonly answer: WireAnswer; readonly replayed: boolean }
  | { readonly kind: 'mismatch' }

export type IdempotencySnapshot = readonly (readonly [
  string,
  { fingerprint: string; at: number; answer: WireAnswer },
])[]

export const requestFingerprint = (method: string, url: string, body: string): string =>
  createHash('sha256').update(`${method}\n${url}\n${body}`).digest('base64')

/**
 * Xero's Idempotency-Key: per app, 6 minutes from the first call, errors kept too; a twin in flight waits for the first one's answer;
 * another request under the same key is refused.
 */
export class IdempotencyStore {
  readonly #entries = new Map<string, Entry>()

  constructor(private readonly clock: SandboxClock) {}

  async run(clientId: string, key: string, fingerprint: string, work: () => Promise<WireAnswer>): Promise<Keyed> {
    this.#expire()
    const id = `${clientId}\n${key}`
    const known = this.#entries.get(id)
    if (known) {
      if (known.fingerprint !== fingerprint) return { kind: 'mismatch' }
      return { kind: 'answered', answer: await known.pending, replayed: true }
    }
    const pending = work()
    const entry: Entry = { fingerprint, at: this.clock.now(), answer: undefined, pending }
    this.#entries.set(id, entry)
    try {
      entry.answer = await pending
    } catch (cause) {
      this.#entries.delete(id)
      throw cause
    }
    return { kind: 'answered', answer: entry.answer, replayed: false }
  }

  clear(): void {
    this.#entries.clear()
  }

  snapshot(): IdempotencySnapshot {
    this.#expire()
    return [...this.#entries].flatMap(([id, { fingerprint, at, answer }]) =>
      answer ? [[id, { fingerprint, at, answer }] as const] : [],
    )
  }

  restore(entries: IdempotencySnapshot): void {
    for (const [id, { fingerprint, at, answer }] of entries) {
      this.#entries.set(id, { fingerprint, at, answer, pending: Promise.resolve(answer) })
    }
  }

  // Insertion order is age order, so the sweep stops at the first that is young enough.
  #expire(): void {
    const oldest = this.clock.now() - this.clock.scale.ms(lifetimeMs)
    for (const [id, entry] of this.#entries) {
      if (entry.at > oldest) break
      this.#entries.delete(id)
    }
  }
}
