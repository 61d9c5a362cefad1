/** The seven ways something can fail. What each means to a consumer and to HTTP stands in {@link kinds}. */
export type ErrorKind = 'invalid' | 'rejected' | 'notReady' | 'throttled' | 'unavailable' | 'disconnected' | 'bug'

/** What a consumer does with a message whose handler failed. */
export type Consequence = 'dead-letter' | 'inbox' | 'retry' | 'delay' | 'pause'

export interface KindRow {
  readonly consequence: Consequence
  readonly countsAsAttempt: boolean
  readonly httpStatus: number
  readonly title: string
}

/** One table, read by consumer and gateway alike (ARCHITECTURE.md, Errors). */
export const kinds: Readonly<Record<ErrorKind, KindRow>> = {
  invalid: { consequence: 'dead-letter', countsAsAttempt: false, httpStatus: 400, title: 'The request is not valid' },
  rejected: { consequence: 'inbox', countsAsAttempt: false, httpStatus: 422, title: 'The request was refused' },
  notReady: { consequence: 'retry', countsAsAttempt: true, httpStatus: 409, title: 'Not possible yet' },
  throttled: { consequence: 'delay', countsAsAttempt: false, httpStatus: 429, title: 'Too many requests' },
  unavailable: { consequence: 'retry', countsAsAttempt: true, httpStatus: 503, title: 'Not available at the moment' },
  disconnected: { consequence: 'pause', countsAsAttempt: false, httpStatus: 503, title: 'Xero is not connected' },
  bug: { consequence: 'retry', countsAsAttempt: true, httpStatus: 500, title: 'Something went wrong on our side' },
}

/** One field that is wrong and why, as shown to the person who sent it. */
export interface FieldIssue {
  readonly field: string
  readonly reason: string
}

export interface AppErrorOptions {
  /** Stable, machine-readable: `AFO-…` where the failure catalogue has a row, else a short slug. */
  readonly code?: string
  /** HTTP status where the kind's own is too coarse (401, 403, 404, 413, 415). */
  readonly status?: number
  readonly issues?: readonly FieldIssue[]
  /** Milliseconds until another try makes sense. */
  readonly retryAfterMs?: number
  /** Overrides the kind's row: an open breaker is `unavailable` but burns no attempt. */
  readonly countsAsAttempt?: boolean
  /** Anything else worth showing in a problem document; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** The one error class. `message` is for people; control flow reads `kind`, `code` and `status` only. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly kind: ErrorKind
  readonly code: string
  readonly status: number
  readonly issues: readonly FieldIssue[]
  readonly retryAfterMs: number | undefined
  readonly countsAsAttempt: boolean
  readonly details: Readonly<Record<string, unknown>>

  constructor(kind: ErrorKind, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.code = options.code ?? kind
    this.status = options.status ?? kinds[kind].httpStatus
    this.issues = options.issues ?? []
    this.retryAfterMs = options.retryAfterMs
    this.countsAsAttempt = options.countsAsAttempt ?? kinds[kind].countsAsAttempt
    this.details = options.details ?? {}
  }
}

/** Any thrown value as an AppError; what isn't one already is a `bug` with the original as its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError('bug', message, { cause: thrown })
}
