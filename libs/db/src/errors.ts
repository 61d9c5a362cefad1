import { AppError, type ErrorKind } from '@afo/kit'

/** What supabase-js answers beside data: PostgREST's error and the HTTP status (0 where no answer came). */
export interface DatabaseFailure {
  readonly status: number
  readonly error: {
    readonly code?: string | undefined
    readonly message: string
    readonly details?: string | null | undefined
  }
}

const kindByStatus: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  404: 'invalid',
  409: 'notReady',
  422: 'rejected',
  429: 'throttled',
}

/**
 * Whether Postgres has taken the whole transaction back for another one's sake, so that it may be run again: a deadlock, or a serialization failure.
 * Source: PostgreSQL, Serialization Failure Handling.
 */
export const takenBack = (error: { readonly code?: string | undefined } | null): boolean =>
  error?.code === '40P01' || error?.code === '40001'

/**
 * A failed call as an AppError, by status and code. Functions of ours raise with a code of their own (`sync_fail`) and reach the caller with it;
 * codes of PostgREST (PGRST…) and Postgres (five characters) in the 4xx range mean that this program and the database's schema disagree: a bug.
 */
export function databaseError(what: string, { status, error }: DatabaseFailure): AppError {
  const code = error.code ?? ''
  const ours = /^(AFO-\d{3}|[a-z][a-z0-9-]+)$/.test(code)
  const kind = ours ? kindByStatus[status] : undefined
  if (kind) return new AppError(kind, error.message, { code, status })
  if (status === 0 || status >= 500 || status === 429) {
    return new AppError('unavailable', `The database did not answer ${what}`, {
      code: 'database-unavailable',
      cause: error,
    })
  }
  return new AppError('bug', `The database refused ${what}: ${error.message}`, {
    cause: error,
    details: { code, status },
  })
}
