import { createEndings, currentContext, Histogram, type Log, type Registry, type TimeScale, toAppError } from '@afo/kit'
import {
  createLimiter,
  createTurns,
  defaultLimits,
  type LimitReport,
  type Limits,
  limitReportOf,
  noReport,
  type RunScript,
} from '@afo/limiter'
import { type BreakerChange, createBreakers } from './breaker.js'
import { judge, type Reading } from './judge.js'
import { createPins } from './pins.js'
import { type CallRecord, createRecorder } from './record.js'
import { type AccountingApi, accountingApi, type Exchange, exchange } from './sdk.js'
import type { CallOptions, Outcome, TokenSource } from './types.js'

type Attempt = CallOptions & { readonly until: AbortSignal }
export interface XeroOptions {
  /** https://api.xero.com unless a sandbox stands in. */
  readonly apiUrl?: string
  readonly tokens: TokenSource
  /** The organisation in use by the database's word, null for none: a cached token outlives a disconnect and a change of organisation. */
  readonly inUse: () => Promise<string | null>
  readonly runScript: RunScript
  readonly log: Log
  readonly registry: Registry
  /** Who is charged for the calls. */
  readonly service: string
  readonly scale: TimeScale
  /** Keeps a call; its failure is logged and harms no call. */
  readonly record: (call: CallRecord) => Promise<void>
  /** Told whenever calls of an endpoint class are held back, tried again, or pass. */
  readonly onBreaker?: (change: BreakerChange) => void
  readonly limits?: Partial<Limits>
}

/** One call: which class of endpoints it belongs to, how the SDK makes it and how its answer is read. */
export interface CallSpec<T> extends Reading<T> {
  readonly endpoint: string
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly path: string
  readonly body?: unknown
  readonly run: (api: AccountingApi, tenantId: string) => Promise<unknown>
}

const maxTries = 4

/** The one function that calls Xero: turn, token, breaker, limiter, SDK, judgement, record. */
export function createCaller({ apiUrl = 'https://api.xero.com', tokens, scale, ...options }: XeroOptions) {
  const { log, registry, service, runScript, onBreaker: onChange = () => {} } = options
  const limits = { ...defaultLimits, ...options.limits }
  const timeoutMs = scale.ms(30_000, 5_000)
  const maxWaitMs = scale.ms(limits.maxWaitMs, 1_000)
  const api = accountingApi(apiUrl)
  const limiter = createLimiter({ runScript, service, limits, scale, log })
  const breakers = createBreakers({ callTimeoutMs: timeoutMs, scale, log, registry, onChange })
  const turns = createTurns({ width: limits.concurrent, depth: 1_000 })
  const record = createRecorder(options)
  const pins = createPins(currentContext)
  // biome-ignore format: one line
  const waited = new Histogram({ name: 'xero_limiter_wait_seconds', help: 'Waiting for the limiter', labelNames: ['priority'], registers: [registry] })
  const closing = createEndings()
  let blocked = { until: 0, now: Promise.resolve(false) }

  /** Xero was not asked, so no attempt is burnt. */
  const notAsked = (reason: string, retryAfterMs = scale.ms(1_000)) =>
    ({ kind: 'unavailable', retryAfterMs, reason, open: true }) as const
  const reportOf = (ended: Exchange | null): LimitReport =>
    ended?.kind === 'answered'
      ? limitReportOf(ended.status, ended.headers, scale)
      : noReport(ended?.kind === 'failed' && ended.sent)

  async function attempt<T>(spec: CallSpec<T>, { priority, signal, until }: Attempt): Promise<Outcome<T>> {
    let asked401 = false
    for (let tries = 0; tries < maxTries; tries++) {
      const { tenantId } = await tokens.get()
      // Before the permit, which is short-lived. While this waits for one, no other organisation can be chosen over an invoice that is claimed, and what a
      // contact's write brings back after such a choice is dropped.
      if ((await options.inUse()) !== tenantId || !pins.keeps(tenantId)) {
        tokens.forget()
        return notAsked('its organisation is not in use any more')
      }
      const openMs = breakers.openForMs(tenantId, spec.endpoint)
      if (openMs > 0) return notAsked('breaker open', openMs)
      const timer = waited.startTimer({ priority })
      const permit = await limiter.acquire(tenantId, priority, currentContext()?.correlationId ?? 'none', until)
      timer()
      if (!permit.granted) return { kind: 'throttled', retryAfterMs: permit.retryAfterMs, reason: permit.reason }

      let ended: Exchange | null = null
      const startedAt = new Date()
      let accessToken = ''
      try {
        const token = await tokens.get()
        if (token.tenantId !== tenantId) continue
        accessToken = token.accessToken
        const call = { accessToken, timeoutMs, signal, mayBeSent: permit.fresh }
        ended = await breakers.run(tenantId, spec.endpoint, () => exchange(call, () => spec.run(api, tenantId)))
      } finally {
        await permit.release(reportOf(ended))
      }
      if (ended === null || (ended.kind === 'held' && !signal?.aborted)) continue

      const outcome = judge(ended, spec, scale)
      record({ spec, ended, outcome, priority, tenantId, startedAt, dayRemaining: reportOf(ended).dayRemaining })
      if (outcome.kind === 'disconnected') await tokens.reportDisconnected(accessToken, tenantId, outcome.reason)
      if (ended.kind !== 'answered' || ended.status !== 401 || outcome.kind === 'disconnected' || asked401)
        return outcome
      asked401 = true
      tokens.reject(accessToken)
    }
    return notAsked('never came to be sent')
  }

  return {
    /** Calls Xero within its limits. Rejects only for bugs of ours. */
    async call<T>(spec: CallSpec<T>, callOptions: CallOptions): Promise<Outcome<T>> {
      try {
        const work = () => closing.during(callOptions.signal, (until) => attempt(spec, { ...callOptions, until }))
        const outcome = await turns.take(callOptions.priority, maxWaitMs, work)
        return outcome ?? { kind: 'throttled', retryAfterMs: maxWaitMs, reason: 'concurrent' }
      } catch (thrown) {
        const error = toAppError(thrown)
        if (error.kind === 'disconnected') return { kind: error.kind, reason: error.code }
        if (error.kind === 'unavailable') return notAsked(error.code, error.retryAfterMs)
        throw error
      }
    },
    calledFor: pins.current,
    /** Whether a call has a chance now: connected, no breaker open, not paused for long, the day not used up. */
    async gate(): Promise<boolean> {
      if (breakers.anyOpen()) return false
      if (performance.now() > blocked.until) {
        const read = tokens.get().then(({ tenantId }) => limiter.blocked(tenantId))
        // Without a token or Redis there is no call either.
        blocked = { until: performance.now() + scale.ms(1_000, 250), now: read.catch(() => true) }
      }
      return !(await blocked.now)
    },
    async close(): Promise<void> {
      closing.endAll()
      await turns.close()
      limiter.close()
      breakers.close()
    },
  }
}
