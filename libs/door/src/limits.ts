import { AppError, toAppError } from '@afo/kit'
import type { DoorPorts } from './ports.js'

const WINDOW_MS = 60_000

/**
 * Counts one request against a shared limit.
 * @param what the limit's name and whom it counts, `address:203.0.113.9`
 * @throws AppError `throttled` once more than `most` came within a minute
 */
export async function limit({ bus, log, scale }: DoorPorts, what: string, most: number): Promise<void> {
  // A Redis that is away must not lock people out: the session check still stands, and what they ask for is kept in Postgres.
  const hit = await bus.ephemeral.hit(`rate:${what}`, scale.ms(WINDOW_MS, 1_000)).catch((thrown: unknown) => {
    log.warn({ err: toAppError(thrown) }, 'rate not counted')
    return undefined
  })
  if (hit === undefined || hit.count <= most) return
  throw new AppError('throttled', 'Too many requests. Wait a moment.', {
    code: 'rate-limited',
    retryAfterMs: hit.resetMs,
  })
}
