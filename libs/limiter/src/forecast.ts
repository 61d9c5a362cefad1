export const dayMs = 86_400_000
/** A few calls just after midnight are no pace yet. */
const leastMs = 3_600_000

/** Instants in milliseconds. Calls that are left and the reset are null where nobody knows them. */
export interface Known {
  readonly now: number
  readonly reset: number | null
  readonly remaining: number | null
  /** Calls since midnight UTC. */
  readonly spent: number
}

/** How today's calls end at today's pace: when they are used up, null when they last until the reset, and what is left then. */
export function forecast({ now, reset, remaining, spent }: Known) {
  if (remaining === null) return { usedUpAt: null, remainingAtReset: null }
  const today = now % dayMs
  const end = reset !== null && reset > now ? reset : now - today + dayMs
  const perMs = spent / Math.max(today, leastMs)
  const atReset = remaining - perMs * (end - now)
  return atReset < 0
    ? { usedUpAt: Math.round(now + remaining / perMs), remainingAtReset: 0 }
    : { usedUpAt: null, remainingAtReset: Math.round(atReset) }
}
