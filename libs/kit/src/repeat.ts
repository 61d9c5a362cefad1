import { backoffMs } from './backoff.js'
import { type AppError, toAppError } from './errors.js'
import { sleep } from './time.js'

/**
 * Does `work` until the signal aborts, each time after the milliseconds it answered. A failure is told and waited out: no loop ends because of an error.
 */
export async function repeat(
  work: () => Promise<number>,
  until: AbortSignal,
  onError: (error: AppError, failures: number) => void,
): Promise<void> {
  for (let failures = 0; !until.aborted; ) {
    try {
      const pauseMs = await work()
      failures = 0
      if (pauseMs > 0) await sleep(pauseMs, until)
    } catch (thrown) {
      onError(toAppError(thrown), ++failures)
      await sleep(backoffMs(failures, { baseMs: 50, capMs: 3_000 }, Math.random()), until)
    }
  }
}

/** Spreads replicas that began together: between half and all of `ms`. @param random in [0, 1) */
export const jittered = (ms: number, random: number): number => Math.round(ms * (0.5 + random / 2))
