import { AppError } from './errors.js'

/**
 * Durations under the test-only TIME_SCALE. Production runs at 1; tests divide every duration alike.
 * A floor keeps deadlines and heartbeats meaningful, since CPU time isn't divided.
 */
export interface TimeScale {
  readonly factor: number
  /** `ms` divided by the scale, never below `floorMs`. */
  ms(ms: number, floorMs?: number): number
  /** Whole seconds divided by the scale, at least 1. */
  seconds(seconds: number): number
}

/** @throws AppError `invalid` for a scale below 1, above 600, or other than 1 in production. */
export function timeScale(factor: number, production: boolean): TimeScale {
  if (!(factor >= 1 && factor <= 600))
    throw new AppError('invalid', `TIME_SCALE must be between 1 and 600, not ${factor}`)
  if (production && factor !== 1)
    throw new AppError('invalid', 'TIME_SCALE is for tests; NODE_ENV=production refuses it')
  return {
    factor,
    ms: (ms, floorMs = 1) => Math.max(floorMs, Math.round(ms / factor)),
    seconds: (seconds) => Math.max(1, Math.round(seconds / factor)),
  }
}

/**
 * Aborts after `ms`, or with the signal before that. `AbortSignal.timeout` inside `AbortSignal.any` would not do: nothing holds it, and collected as
 * garbage it never fires (nodejs/node issue 57736).
 */
export function within(ms: number, signal: AbortSignal | undefined): AbortSignal {
  const late = new AbortController()
  setTimeout(() => late.abort(new DOMException(`Not within ${ms} ms`, 'TimeoutError')), ms).unref()
  return signal ? AbortSignal.any([signal, late.signal]) : late.signal
}

/**
 * Waits, or ends early when the signal aborts (by resolving: the caller looks at its signal, there is nothing to catch).
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
