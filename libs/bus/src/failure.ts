import { type AppError, backoffMs, kinds } from '@afo/kit'
import type { Settings } from './settings.js'

/** What becomes of a message whose handler failed. */
export type Plan =
  | { readonly action: 'bury' }
  | { readonly action: 'postpone'; readonly delayMs: number; readonly attempt: number }

/**
 * Kit's table of consequences applied to one failure: for good, or again after a while, with or without using up an attempt.
 * @param attempt this handling's number, from 1
 * @param random in [0, 1)
 */
export function planFailure(error: AppError, attempt: number, settings: Settings, random: number): Plan {
  const { consequence } = kinds[error.kind]
  if (consequence === 'dead-letter' || consequence === 'inbox') return { action: 'bury' }
  const next = error.countsAsAttempt ? attempt + 1 : attempt
  if (next > (error.kind === 'bug' ? settings.maxBugAttempts : settings.maxAttempts)) return { action: 'bury' }
  const backoff = backoffMs(attempt, { baseMs: settings.retryBaseMs, capMs: settings.retryCapMs }, random)
  const delayMs = error.retryAfterMs ?? (error.countsAsAttempt ? backoff : settings.pauseMs)
  // Many told to come back at the same moment come one after the other.
  return { action: 'postpone', delayMs: Math.round(delayMs * (1 + random / 10)), attempt: next }
}
