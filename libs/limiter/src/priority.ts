/** Who a call is for, most urgent first. Lower ones wait, but never for ever. */
export const priorities = ['person', 'invoice', 'webhook', 'schedule', 'reconcile'] as const
export type Priority = (typeof priorities)[number]

/**
 * How long a call waits for its turn. Nobody waits for a schedule's: it outwaits a whole minute's limit, rather than be given back and begin its job anew.
 * @param maxWaitMs what people have patience for
 */
export const patienceOf = (priority: Priority, maxWaitMs: number): number =>
  priority === 'schedule' || priority === 'reconcile' ? 4 * maxWaitMs : maxWaitMs

/** Which limit is used up; `budget` is the part of the day that is kept for people. */
export type ThrottleReason = 'minute' | 'day' | 'concurrent' | 'app' | 'budget'
