import type { TimeScale } from '@afo/kit'
import { pauseOf } from '@afo/limiter'
import { problemOf, Refused } from '@afo/wire'
import type { Exchange } from './sdk.js'
import type { Outcome } from './types.js'

/** How an answer is to be read. `read` throws for what isn't as it should be. */
export interface Reading<T> {
  readonly write: boolean
  readonly read: (data: unknown) => T
  /** The value of a 404, where that is an answer and not a refusal. */
  readonly absent?: T
}

/** What an exchange means. Total: whatever Xero, or what stands between, may answer has its outcome. */
export function judge<T>(exchange: Exchange, { write, read, absent }: Reading<T>, scale: TimeScale): Outcome<T> {
  const unavailable = (reason: string): Outcome<T> => ({ kind: 'unavailable', retryAfterMs: scale.ms(5_000), reason })
  const lost = (reason: string): Outcome<T> => (write ? { kind: 'unknown', reason } : unavailable(reason))
  if (exchange.kind === 'held') return unavailable('not sent')
  if (exchange.kind === 'failed') return exchange.sent ? lost(exchange.reason) : unavailable(exchange.reason)

  const { status, headers, data } = exchange
  if (status >= 200 && status < 300) {
    try {
      return { kind: 'ok', value: read(data) }
    } catch (thrown) {
      if (!(thrown instanceof Refused)) return lost(`unreadable answer, status ${status}`)
      return { kind: 'rejected', status, problem: thrown.problem }
    }
  }
  if (status === 404 && absent !== undefined) return { kind: 'ok', value: absent }
  if (status === 429) {
    const { ms, reason } = pauseOf(headers, scale)
    return { kind: 'throttled', retryAfterMs: ms, reason }
  }
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
