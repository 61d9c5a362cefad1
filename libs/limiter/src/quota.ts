import { z } from 'zod'
import { dayMs, forecast } from './forecast.js'
import { limiterKeys, readScript } from './scripts.js'

/** What is left of Xero's limits for one organisation, and who spent it today (UTC). Instants are ISO text by Redis's clock. */
export interface Quota {
  readonly tenantId: string
  readonly at: string
  readonly minute: { readonly limit: number; readonly used: number; readonly nextFreeInMs: number }
  readonly concurrent: { readonly limit: number; readonly used: number; readonly waiting: number }
  readonly day: {
    /** By Xero's last word, less what was granted since; null before the first call. */
    readonly remaining: number | null
    /** What is kept for people. */
    readonly floor: number
    readonly knownAt: string | null
    /** An estimate: a day after the last leap of the remainder, or what Retry-After said. */
    readonly resetsAt: string | null
    /** When it is used up at today's pace; null when it lasts until the reset (midnight UTC where that isn't known). */
    readonly usedUpAt: string | null
    /** What is left at the reset at today's pace. */
    readonly remainingAtReset: number | null
  }
  readonly paused: { readonly until: string; readonly reason: string } | null
  readonly spentToday: {
    readonly total: number
    readonly services: Readonly<Record<string, number>>
    /** By correlation id: what each command cost; the dearest 50. */
    readonly commands: readonly { readonly correlationId: string; readonly calls: number }[]
  }
}

/** A flat list of keys and values, as Redis answers. */
const pairs = z.array(z.coerce.string()).transform((flat) => {
  const entries = flat.flatMap((key, i) => (i % 2 === 0 ? [[key, flat[i + 1] ?? ''] as const] : []))
  return Object.fromEntries(entries) as Readonly<Record<string, string | undefined>>
})
const reading = z.tuple([z.number(), pairs, z.number(), z.number(), z.number(), z.number(), pairs])

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/**
 * Reads the limiter's figures without touching them.
 * @param runScript the bus's door to Redis
 * @throws AppError `unavailable` when Redis doesn't answer
 */
export async function readQuota(
  runScript: (lua: string, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>,
  tenantId: string,
): Promise<Quota> {
  const [now, state, used, nextFreeInMs, running, waiting, spend] = reading.parse(
    await runScript(readScript, limiterKeys(tenantId), []),
  )
  const of = (field: string) => (state[field] === undefined ? null : Number(state[field]))
  const spent = (prefix: string) =>
    Object.entries(spend).flatMap(([key, calls]) =>
      key.startsWith(prefix) ? [[key.slice(2), Number(calls)] as const] : [],
    )
  const services = spent('s:')
  const total = services.reduce((sum, [, calls]) => sum + calls, 0)
  const day = of('day')
  // Below zero by the calls that ask whether a new day has begun.
  const remaining = day === null ? null : Math.max(0, day)
  const until = of('pausedUntil')
  const paused =
    until !== null && until > now ? { until: new Date(until).toISOString(), reason: state.pauseReason ?? '' } : null
  const began = of('dayBeganAt')
  const reset = paused?.reason === 'day' ? until : began === null ? null : began + dayMs
  const { usedUpAt, remainingAtReset } = forecast({ now, reset, remaining, spent: total })
  return {
    tenantId,
    at: new Date(now).toISOString(),
    minute: { limit: of('limit') ?? 60, used, nextFreeInMs: Math.max(0, nextFreeInMs) },
    concurrent: { limit: of('slots') ?? 5, used: running, waiting },
    day: {
      remaining,
      floor: of('floor') ?? 0,
      knownAt: iso(of('dayAt')),
      resetsAt: iso(reset),
      usedUpAt: iso(usedUpAt),
      remainingAtReset,
    },
    paused,
    spentToday: {
      total,
      services: Object.fromEntries(services),
      commands: spent('c:')
        .sort(([, a], [, b]) => b - a)
        .slice(0, 50)
        .map(([correlationId, calls]) => ({ correlationId, calls })),
    },
  }
}
