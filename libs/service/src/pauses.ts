import { pausableServices, type ServiceName } from '@afo/contracts'
import type { Db } from '@afo/db'

/**
 * A gate that is shut while a person has paused the service. Postgres is asked at most once in `everyMs`; while it is away, what it said last counts.
 * Undefined for a service that can't be paused.
 */
export function pauseGate(db: Db, service: ServiceName, everyMs: number): (() => Promise<boolean>) | undefined {
  if (!(pausableServices as readonly ServiceName[]).includes(service)) return undefined
  let open = true
  let askedAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (performance.now() - askedAt < everyMs) return open
    askedAt = performance.now()
    open = await db.rpc('sync_is_paused', { p_service: service }).then(
      (paused) => !paused,
      () => open,
    )
    return open
  }
}
