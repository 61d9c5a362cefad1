import { AppError, type AppErrorOptions, type ErrorKind, timeScale } from '@afo/kit'
import { expect, test } from 'vitest'
import { resolveSettings } from '../../streams/src/settings.js'
import { nextTry } from '../src/next-try.js'

const settings = resolveSettings(timeScale(1, false))
const failed = (kind: ErrorKind, attempt = 1, options: AppErrorOptions = {}) =>
  nextTry(new AppError(kind, 'failed', options), attempt, settings, 0)

/** Milliseconds until there is no other try. */
function lasts(kind: ErrorKind, options: AppErrorOptions = {}): number {
  let [total, attempt] = [0, 1]
  for (let again = failed(kind, attempt, options); again; again = failed(kind, attempt, options)) {
    total += again.delayMs
    attempt = again.attempt
  }
  return total
}

test('a peer that is away for an hour uses up no message, even where it named a short time', () => {
  expect(lasts('unavailable')).toBeGreaterThan(3_600_000)
  expect(lasts('unavailable', { retryAfterMs: 5_000 })).toBeGreaterThan(3_600_000)
})

test('a time that was named is waited for at least', () => {
  expect(failed('unavailable', 1, { retryAfterMs: 5_000 })).toEqual({ delayMs: 5_000, attempt: 2 })
  expect(failed('unavailable', 1)).toEqual({ delayMs: 500, attempt: 2 })
})

test('what burns no attempt waits for as long as was named, or for the pause, however often', () => {
  expect(failed('throttled', 1, { retryAfterMs: 200 })).toEqual({ delayMs: 200, attempt: 1 })
  expect(failed('throttled', 29)).toEqual({ delayMs: settings.pauseMs, attempt: 29 })
  expect(failed('unavailable', 29, { countsAsAttempt: false })).toEqual({ delayMs: settings.pauseMs, attempt: 29 })
})

test('the last attempt is the last, and a bug has fewer', () => {
  expect(failed('unavailable', settings.maxAttempts)).toBeNull()
  expect(failed('bug', settings.maxBugAttempts)).toBeNull()
  expect(failed('invalid')).toBeNull()
  expect(failed('rejected')).toBeNull()
})
