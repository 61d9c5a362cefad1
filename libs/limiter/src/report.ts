import type { TimeScale } from '@afo/kit'
import type { ThrottleReason } from './priority.js'

/** What Xero said about its limits with one answer. */
export interface LimitReport {
  readonly sent: boolean
  readonly minuteRemaining: number | null
  readonly dayRemaining: number | null
  readonly pause: { readonly ms: number; readonly reason: ThrottleReason } | null
}

/** No answer, or none was asked for. */
export const noReport = (sent: boolean): LimitReport => ({
  sent,
  minuteRemaining: null,
  dayRemaining: null,
  pause: null,
})

type Headers = Readonly<Record<string, string>>

/** Calls of the whole app's minute below which the organisation that heard of it pauses: the one in use (docs/adr/0013). */
const appMargin = 500

/** What an answer says. A minute of the whole app that is nearly used up is a pause too. */
export function limitReportOf(status: number, headers: Headers, scale: TimeScale): LimitReport {
  const appRemaining = numberOf(headers['x-appminlimit-remaining'])
  const app = appRemaining !== null && appRemaining < appMargin ? { ms: scale.ms(5_000), reason: 'app' as const } : null
  return {
    sent: true,
    minuteRemaining: numberOf(headers['x-minlimit-remaining']),
    dayRemaining: numberOf(headers['x-daylimit-remaining']),
    pause: status === 429 ? pauseOf(headers, scale) : app,
  }
}

/** How long a 429 holds us back. `Retry-After` is in seconds; Xero leaves it out for concurrency. */
export function pauseOf(headers: Headers, scale: TimeScale): { ms: number; reason: ThrottleReason } {
  const said = (headers['x-rate-limit-problem'] ?? '').toLowerCase()
  const reason = (['concurrent', 'app', 'day'] as const).find((word) => said.includes(word)) ?? 'minute'
  const defaults = { concurrent: 1_000, app: 60_000, day: 3_600_000, minute: 60_000 }
  return { ms: (numberOf(headers['retry-after']) ?? 0) * 1000 || scale.ms(defaults[reason]), reason }
}

const numberOf = (header: string | undefined): number | null => (/^\d+$/.test(header ?? '') ? Number(header) : null)
