import { newId } from '@afo/kit'

/** What can be made to go wrong, and whether Xero does the work nevertheless. */
export const faultKinds = {
  'error-500': 'answers 500 without doing the work; the answer is kept under the Idempotency-Key, as Xero keeps errors',
  'error-503': 'answers 503 at the door; nothing is done or kept',
  'error-500-after-commit': 'does the work, then answers 500',
  forbidden: 'answers 403: whoever consented may not do this in Xero; nothing is done',
  'timeout-before': 'never answers, does nothing',
  'timeout-after-commit': 'does the work, never answers',
  'reset-before': 'cuts the connection, does nothing',
  'reset-after-commit': 'does the work, then cuts the connection',
  'garbage-200-after-commit': 'does the work, then answers 200 with a body that is no JSON',
  'html-200': 'answers 200 with a web page, does nothing',
  'rate-limit-minute': 'answers 429 for the minute (`ms`: Retry-After)',
  'rate-limit-day': 'answers 429 for the day (`ms`: Retry-After)',
  slow: 'waits `ms`, then does the work and answers, even if the caller has gone',
  'slow-after-commit': 'does the work at once, holds the answer for `ms`',
  disconnect: 'removes the connection first, as a person inside Xero would',
  'invalid-grant': 'the token endpoint refuses with invalid_grant',
  'token-slow': 'the token endpoint waits `ms`, then works',
  'token-reset-after-commit': 'the token endpoint rotates the token, then cuts the connection',
} as const

export type FaultKind = keyof typeof faultKinds

export interface FaultRequest {
  readonly kind: FaultKind
  /** Each given part must match: the method, a regular expression on path and query, a text inside the body. */
  readonly match?:
    | { readonly method?: string | undefined; readonly path?: string | undefined; readonly body?: string | undefined }
    | undefined
  /** How often; absent: once. 0: until cleared. */
  readonly times?: number | undefined
  readonly ms?: number | undefined
  /** What `slow` and `slow-after-commit` wait for in place of `ms`: for a test that runs in this process. */
  readonly until?: Promise<unknown> | undefined
}

export interface Fault extends FaultRequest {
  readonly id: string
  applied: number
}

/** Waits although nobody may be waiting for the answer: the caller's patience isn't Xero's. */
export const pause = ({ ms = 0, until }: FaultRequest): Promise<unknown> =>
  until ?? new Promise((resolve) => setTimeout(resolve, ms).unref())

const tokenKinds: ReadonlySet<FaultKind> = new Set(['invalid-grant', 'token-slow', 'token-reset-after-commit'])

/** Faults waiting for a request that they match, oldest first. */
export class Faults {
  #faults: Fault[] = []

  add(request: FaultRequest): Fault {
    if (request.match?.path) new RegExp(request.match.path)
    const fault = { ...request, id: newId(), applied: 0 }
    this.#faults.push(fault)
    return fault
  }

  clear(): void {
    this.#faults = []
  }

  list(): readonly Fault[] {
    return this.#faults
  }

  /** The first fault for this request, used up by one. Token faults strike the token endpoint only, the others only the API. */
  take(where: 'token' | 'api', method: string, path: string, body: string): Fault | undefined {
    const fault = this.#faults.find(
      (f) => tokenKinds.has(f.kind) === (where === 'token') && matches(f, method, path, body),
    )
    if (!fault) return undefined
    fault.applied++
    const times = fault.times ?? 1
    if (times !== 0 && fault.applied >= times) this.#faults = this.#faults.filter((f) => f !== fault)
    return fault
  }
}

function matches({ match }: Fault, method: string, path: string, body: string): boolean {
  if (!match) return true
  if (match.method && match.method.toUpperCase() !== method.toUpperCase()) return false
  if (match.path && !new RegExp(match.path, 'i').test(path)) return false
  return !match.body || body.includes(match.body)
}
