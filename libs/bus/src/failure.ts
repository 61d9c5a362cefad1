import { type AppError, backoffMs, kinds } from '@afo/kit'
import type { Settings } from './settings.js'

/** Another try, or none: the dead letters. */
export type Plan = { readonly delayMs: number; readonly attempt: number } | null

/**
 * Kit's table of consequences applied to one failure.
 * @param attempt this handling's number, from 1
 * @param random in [0, 1)
 */
export function planFailure(error: AppError, attempt: number, settings: Settings, random: number): Plan {
  const { consequence } = kinds[error.kind]
  const next = error.countsAsAttempt ? attempt + 1 : attempt
  const most = error.kind === 'bug' ? settings.maxBugAttempts : settings.maxAttempts
  if (consequence === 'dead-letter' || consequence === 'inbox' || next > most) return null
  const backoff = backoffMs(attempt, { baseMs: settings.retryBaseMs, capMs: settings.retryCapMs }, random)
  const delayMs = error.retryAfterMs ?? (error.countsAsAttempt ? backoff : settings.pauseMs)
  // Many told to come back at the same moment come one after the other.
  return { delayMs: Math.round(delayMs * (1 + random / 10)), attempt: next }
}
