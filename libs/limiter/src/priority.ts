/** Who a call is for, most urgent first. Lower ones wait, but never for ever. */
export const priorities = ['person', 'invoice', 'webhook', 'schedule', 'reconcile'] as const
export type Priority = (typeof priorities)[number]

/** Which limit is used up; `budget` is the part of the day that is kept for people. */
export type ThrottleReason = 'minute' | 'day' | 'concurrent' | 'app' | 'budget'
