/** One call that reached the sandbox, whether admitted or not. */
export interface Call {
  readonly number: number
  /** ISO instant of arrival, in the sandbox's time. */
  readonly at: string
  readonly atMs: number
  readonly method: string
  readonly path: string
  /** Method and route, "PUT /Invoices/{id}/History". */
  readonly endpoint: string
  readonly tenantId: string | null
  readonly clientId: string | null
  /** Calls of the same organisation running at arrival, this one included. */
  readonly concurrent: number
  /** Counted against the limits; a 429 isn't. */
  readonly admitted: boolean
  readonly idempotencyKey: string | null
  /** The answer came from the idempotency store. */
  readonly replayed: boolean
  readonly fault: string | null
  /** Elements in the request of a write, in the answer of a read. */
  readonly elements: number
  /** null: never answered. */
  readonly status: number | null
  readonly durationMs: number | null
  readonly correlationId: string
}

export type OpenCall = { -readonly [K in keyof Call]: Call[K] }

const keep = 100_000

/** Every call since the last clearing, newest last; the oldest fall away after 100,000. */
export class CallLog {
  #calls: OpenCall[] = []
  #next = 1

  add(call: Omit<Call, 'number'>): OpenCall {
    const open = { ...call, number: this.#next++ }
    this.#calls.push(open)
    if (this.#calls.length > keep) this.#calls = this.#calls.slice(keep / 10)
    return open
  }

  /** Calls that arrived at or after `since` (milliseconds). */
  list(since = 0): readonly Call[] {
    return since === 0 ? this.#calls : this.#calls.filter((call) => call.atMs >= since)
  }

  /** How often each endpoint was called, most first. */
  byEndpoint(since = 0): Record<string, number> {
    const counts = new Map<string, number>()
    for (const { endpoint } of this.list(since)) counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1)
    return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))
  }

  clear(): void {
    this.#calls = []
  }
}

/** One answer of the token endpoint; it costs nothing of the limits, so it isn't among the calls. */
export interface GrantCall {
  readonly at: string
  readonly atMs: number
  readonly grantType: string
  readonly clientId: string | null
  /** The error's code; null: tokens were issued, whether or not the answer arrived. */
  readonly error: string | null
}
