import { AppError } from '@afo/kit'
import type { Outcome } from './types.js'

/** An outcome other than `ok` as the error that consumer and gateway understand. An open breaker and the limiter burn no attempt. */
export function outcomeToError(outcome: Exclude<Outcome<unknown>, { kind: 'ok' }>): AppError {
  if (outcome.kind === 'rejected') {
    const details = { xeroStatus: outcome.status, validation: outcome.problem.validation }
    return new AppError('rejected', outcome.problem.message, { code: 'xero-rejected', details })
  }
  const { kind, reason } = outcome
  const details = { reason }
  switch (kind) {
    case 'throttled': {
      const told = { code: `xero-limit-${reason}`, retryAfterMs: outcome.retryAfterMs }
      return new AppError(kind, 'The limits of Xero are used up for now', told)
    }
    case 'unavailable': {
      const told = { code: 'xero-unavailable', retryAfterMs: outcome.retryAfterMs, countsAsAttempt: !outcome.open }
      return new AppError(kind, 'Xero is not available at the moment', { ...told, details })
    }
    case 'unknown':
      return new AppError('unavailable', 'Whether Xero did it is not known', { code: 'xero-unknown', details })
    case 'disconnected':
      return new AppError(kind, 'Xero is not connected', { code: 'xero-disconnected', details })
  }
}

/** The value of a good outcome. @throws AppError as of {@link outcomeToError} */
export function expectOk<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value
  throw outcomeToError(outcome)
}
