import { type AppError, backoffMs, kinds } from '@afo/kit'
import type { Settings } from '@afo/streams'

/**
 * Kit's table of consequences applied to one failure; null where there is no other try. What burns an attempt waits ever longer, whoever named a shorter time:
 * a peer that is away for an hour must not use up all attempts within minutes.
 * @param attempt the handling that failed, from 1
 * @param random in [0, 1)
 */
export function nextTry(error: AppError, attempt: number, settings: Settings, random: number) {
  const { countsAsAttempt, retryAfterMs = 0 } = error
  const { consequence } = kinds[error.kind]
  const next = countsAsAttempt ? attempt + 1 : attempt
  const most = error.kind === 'bug' ? settings.maxBugAttempts : settings.maxAttempts
  if (consequence === 'dead-letter' || consequence === 'inbox' || next > most) return null
  const backoff = { baseMs: settings.retryBaseMs, capMs: settings.retryCapMs }
  const delayMs = countsAsAttempt
    ? Math.max(retryAfterMs, backoffMs(attempt, backoff, random))
    : (error.retryAfterMs ?? settings.pauseMs)
  // Many told to come back at the same moment come one after the other.
  return { delayMs: Math.round(delayMs * (1 + random / 10)), attempt: next }
}
