import { type Log, newId, sleep, type TimeScale } from '@afo/kit'
import { z } from 'zod'
import { type Priority, patienceOf, priorities, type ThrottleReason } from './priority.js'
import { readQuota } from './quota.js'
import type { LimitReport } from './report.js'
import { acquireScript, leaveScript, limiterKeys, releaseScript, renewScript } from './scripts.js'

/** Runs a Lua script on Redis: the bus's door, injected, since this library knows no Redis client. */
export type RunScript = (lua: string, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>

/** Xero's limits for one organisation; more than the defaults is never allowed by Xero. */
export interface Limits {
  readonly perMinute: number
  readonly concurrent: number
  /** Calls of the day that only people may spend. */
  readonly dayFloor: number
  /** Milliseconds before a call that somebody needs is throttled for want of a turn; others are given longer (`patienceOf`). */
  readonly maxWaitMs: number
}

export const defaultLimits: Limits = { perMinute: 60, concurrent: 5, dayFloor: 50, maxWaitMs: 20_000 }

export interface Permit {
  readonly granted: true
  /** Whether the call may still be sent: one held back (a frozen process) would reach Xero when nobody expects it. */
  fresh(): boolean
  release(report: LimitReport): Promise<void>
}

export interface Refusal {
  readonly granted: false
  readonly retryAfterMs: number
  readonly reason: ThrottleReason
}

const answer = z.tuple([z.number(), z.number(), z.number(), z.string()])
const renewed = z.tuple([z.number(), z.array(z.tuple([z.string(), z.coerce.number(), z.string()]))])

/** When a call reached Xero at the latest (empty while it runs here) and, once Xero has answered, at the earliest; by Redis's clock. */
interface Recent {
  readonly latest: number | ''
  readonly earliest: string
  /** When nobody needs to remember it any more; by this process's clock. */
  readonly until: number
}

/**
 * At most `perMinute` calls in any 60 s and `concurrent` at once per organisation, over all replicas; time is Redis's. A call counts from its grant
 * until one window after its end (of a killed process: after the latest moment at which it was sent), so that no latency squeezes two together.
 */
export function createLimiter({
  runScript,
  service,
  limits,
  scale,
  log,
}: {
  readonly runScript: RunScript
  readonly service: string
  readonly limits: Limits
  readonly scale: TimeScale
  readonly log: Log
}) {
  // Against jitter between Redis's clock and the arrival at Xero.
  const guard = scale.ms(50, 10)
  const ms = {
    window: scale.ms(60_000) + guard,
    lease: scale.ms(10_000, 2_000),
    send: scale.ms(1_000, 300),
    renew: scale.ms(1_000, 150),
    // Longer than a replica takes to find Redis again and to tell what it knows.
    quiet: scale.ms(3_500, 300),
    poll: scale.ms(250, 20),
    relearn: scale.ms(3_600_000, 5_000),
    wait: scale.ms(limits.maxWaitMs, 1_000),
  }
  const { perMinute, concurrent, dayFloor } = limits
  const windows = [perMinute, concurrent, dayFloor, ms.window, ms.lease, ms.send, ms.quiet, ms.poll, ms.relearn]
  /** By organisation and id: the calls of the last window, ours and the others'. */
  const recent = new Map<string, Map<string, Recent>>()
  const renewal = setInterval(() => void renew(), ms.renew)
  renewal.unref()

  async function renew(): Promise<void> {
    for (const [tenantId, calls] of recent) {
      for (const [id, { until }] of calls) if (until < performance.now()) calls.delete(id)
      if (calls.size === 0) continue
      const known = [...calls].flatMap(([id, { latest, earliest }]) => [id, latest, earliest])
      try {
        const said = await runScript(renewScript, limiterKeys(tenantId), [ms.lease, ms.send, ...known])
        const [now, seen] = renewed.parse(said)
        for (const [id, latest, earliest] of seen) {
          const runsHere = calls.get(id)?.latest === ''
          if (!runsHere) calls.set(id, { latest, earliest, until: performance.now() + latest - now + ms.window })
        }
      } catch (err) {
        log.warn({ err }, 'renewing leases failed')
      }
    }
  }

  /** @param askedAt by this process's clock; `grantedAt` is by Redis's */
  function permit(
    id: string,
    tenantId: string,
    command: string,
    { askedAt, grantedAt }: { askedAt: number; grantedAt: number },
  ): Permit {
    const calls = recent.get(tenantId) ?? new Map<string, Recent>()
    recent.set(tenantId, calls)
    calls.set(id, { latest: '', earliest: '', until: Number.POSITIVE_INFINITY })
    return {
      granted: true,
      fresh: () => performance.now() - askedAt < ms.send / 2,
      async release({ sent, minuteRemaining, dayRemaining, pause }) {
        calls.delete(id)
        // Xero has counted what it answers, but for a refusal.
        const earliest = minuteRemaining !== null && pause === null ? String(grantedAt) : ''
        const report = [minuteRemaining ?? '', dayRemaining ?? '', pause?.ms ?? 0, pause?.reason ?? '', guard]
        try {
          const args = [id, sent ? 1 : 0, earliest, service, command, ...report]
          const latest = z.coerce.number().parse(await runScript(releaseScript, limiterKeys(tenantId), args))
          if (sent) calls.set(id, { latest, earliest, until: performance.now() + ms.window })
        } catch (err) {
          // Costs the slot until its lease ends, never a limit: a Redis that comes back empty is still told of it.
          calls.set(id, { latest: '', earliest: '', until: performance.now() + ms.lease })
          log.warn({ err }, 'releasing a lease failed')
        }
      },
    }
  }

  return {
    /** Waits for a turn, at most `patienceOf` its priority. @throws AppError `unavailable` when Redis doesn't answer */
    async acquire(
      tenantId: string,
      priority: Priority,
      command: string,
      signal?: AbortSignal,
    ): Promise<Permit | Refusal> {
      const [id, keys] = [newId(), limiterKeys(tenantId)]
      const deadline = performance.now() + patienceOf(priority, ms.wait)
      const rank = priorities.indexOf(priority)
      // The lowest priority is handicapped by less than it may wait, so it comes to the front before it gives up.
      const handicap = Math.round((rank * ms.wait) / (priorities.length + 1))
      for (;;) {
        const askedAt = performance.now()
        const args = [id, service, command, rank === 0 ? 1 : 0, handicap, ...windows]
        const [granted, now, waitMs, reason] = answer.parse(await runScript(acquireScript, keys, args))
        if (granted === 1) return permit(id, tenantId, command, { askedAt, grantedAt: now })
        if (signal?.aborted || performance.now() + waitMs > deadline) {
          await runScript(leaveScript, keys, [id])
          return { granted: false, retryAfterMs: Math.max(waitMs, ms.poll), reason: reason as ThrottleReason }
        }
        await sleep(Math.min(waitMs, ms.poll), signal)
      }
    },
    /** Whether no call has a chance for a while: paused, or the day used up. */
    async blocked(tenantId: string): Promise<boolean> {
      const { at, paused, day } = await readQuota(runScript, tenantId)
      const since = (instant: string | null) => Date.parse(at) - Date.parse(instant ?? at)
      if (paused !== null && -since(paused.until) > ms.poll * 8) return true
      return day.remaining !== null && day.remaining <= 0 && since(day.knownAt) < ms.relearn
    },
    close: () => clearInterval(renewal),
  }
}

export type Limiter = ReturnType<typeof createLimiter>
