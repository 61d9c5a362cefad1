import { Gauge, type Log, type Registry, type TimeScale } from '@afo/kit'
import CircuitBreaker from 'opossum'
import type { Exchange } from './sdk.js'

/** An exchange that says Xero is ill. Everything else, a refusal too, says that it works. */
const isFailure = (e: Exchange) =>
  (e.kind === 'failed' && e.reason !== 'cancelled') || (e.kind === 'answered' && e.status >= 500)
/** Says nothing about Xero's health: neither heals nor harms. */
const isNeutral = (e: Exchange) => e.kind !== 'answered' || e.status === 429

class Failed extends Error {}

type Run = () => Promise<Exchange>

const states = { open: 1, 'half-open': 0.5, closed: 0 } as const

export interface BreakerChange {
  readonly tenantId: string
  readonly endpoint: string
  readonly state: keyof typeof states
}

export interface BreakerOptions {
  /** The call's own time-out; the breaker's own is above it, for a call that never ends. */
  readonly callTimeoutMs: number
  readonly scale: TimeScale
  readonly log: Log
  readonly registry: Registry
  readonly onChange: (change: BreakerChange) => void
}

/**
 * One breaker per organisation and endpoint class, of this process. Opens when more than half of at least 5 calls within 10 s failed, lets one
 * through after 15 s. No error filter (a filtered error would close a half-open breaker, one that throws would hang the call), no shared AbortController.
 */
export function createBreakers({ callTimeoutMs, scale, log, registry, onChange }: BreakerOptions) {
  const breakers = new Map<string, CircuitBreaker<[Run], void>>()
  const help = '1 while calls of the endpoint class are held back, 0.5 while one is let through'
  const gauge = new Gauge({ name: 'xero_breaker_open', help, labelNames: ['endpoint'], registers: [registry] })
  const resetTimeout = scale.ms(15_000, 500)

  function breakerOf(tenantId: string, endpoint: string) {
    const key = `${tenantId}/${endpoint}`
    const known = breakers.get(key)
    if (known) return known
    const breaker: CircuitBreaker<[Run], void> = new CircuitBreaker(
      async (run: Run) => {
        // A bug of ours is as neutral as a call held back, but opossum counts all that is thrown.
        const result = await run().catch((): Exchange => ({ kind: 'held' }))
        if (isFailure(result) || (breaker.halfOpen && isNeutral(result))) throw new Failed()
      },
      {
        timeout: callTimeoutMs + 1_000,
        resetTimeout,
        // Shorter than the reset, so that old failures are forgotten when it closes.
        rollingCountTimeout: Math.round((resetTimeout * 2) / 3),
        volumeThreshold: 5,
        errorThresholdPercentage: 50,
        rollingPercentilesEnabled: false,
        enableSnapshots: false,
      },
    )
    const became = (state: BreakerChange['state']) => () => {
      gauge.set({ endpoint }, states[state])
      log.warn({ tenantId, endpoint, state }, 'breaker changed')
      onChange({ tenantId, endpoint, state })
    }
    breaker.on('open', became('open')).on('halfOpen', became('half-open')).on('close', became('closed'))
    breakers.set(key, breaker)
    return breaker
  }

  /** Open, or half open with the one call that it lets through under way. */
  const holdsBack = (breaker: CircuitBreaker) => breaker.opened || (breaker.halfOpen && !breaker.pendingClose)

  return {
    /** Milliseconds to wait before it is worth asking again; 0 when a call passes. */
    openForMs: (tenantId: string, endpoint: string) => (holdsBack(breakerOf(tenantId, endpoint)) ? resetTimeout : 0),
    anyOpen: () => [...breakers.values()].some(holdsBack),
    /** The exchange, or null when the breaker let nothing through. Rejects only for bugs of ours, with the bug itself. */
    async run(tenantId: string, endpoint: string, run: Run): Promise<Exchange | null> {
      const passed: { call?: Promise<Exchange> } = {}
      try {
        await breakerOf(tenantId, endpoint).fire(() => (passed.call = run()))
      } catch (thrown) {
        const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
        if (code === 'ETIMEDOUT') return { kind: 'failed', sent: true, reason: 'never ended' }
        if (!(thrown instanceof Failed) && code !== 'EOPENBREAKER' && code !== 'ESHUTDOWN') throw thrown
      }
      return passed.call ?? null
    },
    close: () => {
      for (const breaker of breakers.values()) breaker.shutdown()
    },
  }
}
