import { type AppError, backoffMs, sleep, toAppError } from '@afo/kit'

/**
 * Does `work` until the signal aborts, each time after the milliseconds it answered. A failure is told, waited out and forgotten: no loop of the bus ends
 * because of an error.
 */
export async function repeat(
  work: () => Promise<number>,
  onError: (error: AppError, failures: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      const pauseMs = await work()
      failures = 0
      if (pauseMs > 0) await sleep(pauseMs, signal)
    } catch (thrown) {
      failures++
      onError(toAppError(thrown), failures)
      await sleep(backoffMs(failures, { baseMs: 50, capMs: 3_000 }, Math.random()), signal)
    }
  }
}

/** Spreads replicas that began together: between half and all of `ms`. */
export const jittered = (ms: number): number => Math.round(ms * (0.5 + Math.random() / 2))
