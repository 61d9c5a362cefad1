/** How retries spread out: base x 2^attempt up to a cap, then jittered over the upper half so that a herd disperses. */
export interface Backoff {
  readonly baseMs: number
  readonly capMs: number
}

/**
 * Delay before the next try, in whole milliseconds.
 * @param attempt tries made so far, from 1
 * @param random in [0, 1); an argument so that the function stays pure
 */
export function backoffMs(attempt: number, { baseMs, capMs }: Backoff, random: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(Math.max(attempt - 1, 0), 30))
  return Math.round(ceiling / 2 + (ceiling / 2) * random)
}
