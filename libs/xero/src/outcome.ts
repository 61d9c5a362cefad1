import { AppError } from '@afo/kit'
import type { Outcome } from './types.js'

/** An outcome other than `ok` as the error that consumer and gateway understand. An open breaker and the limiter burn no attempt. */
export function outcomeToError(outcome: Exclude<Outcome<unknown>, { kind: 'ok' }>): AppError {
  switch (outcome.kind) {
    case 'rejected':
      return new AppError('rejected', outcome.problem.message, {
        code: 'xero-rejected',
        details: { xeroStatus: outcome.status, validation: outcome.problem.validation },
      })
    case 'throttled':
      return new AppError('throttled', 'The limits of Xero are used up for now', {
        code: `xero-limit-${outcome.reason}`,
        retryAfterMs: outcome.retryAfterMs,
      })
    case 'unavailable':
      return new AppError('unavailable', 'Xero is not available at the moment', {
        code: 'xero-unavailable',
        retryAfterMs: outcome.retryAfterMs,
        countsAsAttempt: !outcome.open,
        details: { reason: outcome.reason },
      })
    case 'unknown':
      return new AppError('unavailable', 'Whether Xero did it is not known', {
        code: 'xero-unknown',
        details: { reason: outcome.reason },
      })
    case 'disconnected':
      return new AppError('disconnected', 'Xero is not connected', {
        code: 'xero-disconnected',
        details: { reason: outcome.reason },
      })
  }
}

/** The value of a good outcome. @throws AppError as of {@link outcomeToError} */
export function expectOk<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value
  throw outcomeToError(outcome)
}
