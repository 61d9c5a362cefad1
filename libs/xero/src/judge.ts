import type { TimeScale } from '@afo/kit'
import type { LimitReport } from './limiter.js'
import { problemOf } from './problem.js'
import type { Exchange } from './sdk.js'
import type { Outcome, ThrottleReason } from './types.js'

/** How an answer is to be read. `read` throws for what isn't as it should be. */
export interface Reading<T> {
  readonly write: boolean
  readonly read: (data: unknown) => T
  /** The value of a 404, where that is an answer and not a refusal. */
  readonly absent?: T
}

/** A 2xx in which Xero refuses all the same (a batch of one). */
export class Refused extends Error {
  constructor(readonly messages: readonly string[]) {
    super('refused')
  }
}

const retryMs = 5_000

/** What an exchange means. Total: whatever Xero, or what stands between, may answer has its outcome. */
export function judge<T>(exchange: Exchange, { write, read, absent }: Reading<T>, scale: TimeScale): Outcome<T> {
  const unavailable = (reason: string): Outcome<T> => ({ kind: 'unavailable', retryAfterMs: scale.ms(retryMs), reason })
  const lost = (reason: string): Outcome<T> => (write ? { kind: 'unknown', reason } : unavailable(reason))
  if (exchange.kind === 'held') return unavailable('not sent')
  if (exchange.kind === 'failed') return exchange.sent ? lost(exchange.reason) : unavailable(exchange.reason)

  const { status, headers, data } = exchange
  if (status >= 200 && status < 300) {
    try {
      return { kind: 'ok', value: read(data) }
    } catch (thrown) {
      if (!(thrown instanceof Refused)) return lost(`unreadable answer, status ${status}`)
      const { messages } = thrown
      const elements = [{ index: 0, messages }]
      return {
        kind: 'rejected',
        status,
        problem: { message: messages.join(' '), validation: messages, elements, errorNumber: null, type: null },
      }
    }
  }
  if (status === 404 && absent !== undefined) return { kind: 'ok', value: absent }
  if (status === 429) return { kind: 'throttled', ...pauseOf(headers, scale) }
  if (status === 401 || status === 403) {
    // Seen in both spellings.
    if (/insuffici?ent_scope/.test(headers['www-authenticate'] ?? ''))
      return { kind: 'disconnected', reason: 'missing-scope' }
    const problem = problemOf(status, data)
    if (status === 401) return unavailable('Xero refused the token')
    if (problem.message === 'AuthenticationUnsuccessful')
      return { kind: 'disconnected', reason: 'not-connected-at-xero' }
    return { kind: 'rejected', status, problem }
  }
  if (status === 408 || status >= 500 || status < 400) return lost(`status ${status}`)
  return { kind: 'rejected', status, problem: problemOf(status, data) }
}

/** How long a 429 holds us back. `Retry-After` is in seconds; Xero leaves it out for concurrency. */
function pauseOf(
  headers: Readonly<Record<string, string>>,
  scale: TimeScale,
): { retryAfterMs: number; reason: ThrottleReason } {
  const said = (headers['x-rate-limit-problem'] ?? '').toLowerCase()
  const reason = (['concurrent', 'app', 'day'] as const).find((word) => said.includes(word)) ?? 'minute'
  const defaults = { concurrent: 1_000, app: 60_000, day: 3_600_000, minute: 60_000 }
  return { retryAfterMs: (numberOf(headers['retry-after']) ?? 0) * 1000 || scale.ms(defaults[reason]), reason }
}

const appMargin = 500

/** What the limiter learns from an exchange. A minute of the whole app that is nearly used up is a pause too. */
export function limitReportOf(exchange: Exchange | null, scale: TimeScale): LimitReport {
  const nothing = { minuteRemaining: null, dayRemaining: null, pause: null }
  if (exchange === null || exchange.kind === 'held') return { sent: false, ...nothing }
  if (exchange.kind === 'failed') return { sent: exchange.sent, ...nothing }
  const { status, headers } = exchange
  const refused = status === 429 ? pauseOf(headers, scale) : undefined
  const appRemaining = numberOf(headers['x-appminlimit-remaining'])
  const app = appRemaining !== null && appRemaining < appMargin ? { ms: scale.ms(5_000), reason: 'app' as const } : null
  return {
    sent: true,
    minuteRemaining: numberOf(headers['x-minlimit-remaining']),
    dayRemaining: numberOf(headers['x-daylimit-remaining']),
    pause: refused ? { ms: refused.retryAfterMs, reason: refused.reason } : app,
  }
}

const numberOf = (header: string | undefined): number | null => (/^\d+$/.test(header ?? '') ? Number(header) : null)
