import { sleep } from '@afo/kit'
import type { Chance } from '../random.js'
import { timeScale, type World } from '../world.js'
import { freeze, PostgresServer, RedisServer } from './servers.js'

/** How often each thing happened. */
export interface Weather {
  kills: number
  freezes: number
  redisRestarts: number
  flushes: number
  postgresRestarts: number
  cutOffs: number
  xeroFaults: number
}

const minute = 60_000 / timeScale
const services = ['gateway', 'xero-auth', 'contact-sync', 'item-sync', 'invoicing', 'payments'] as const

/** Slow, failing, throttling, lying; that somebody ends the connection there is apart, for it takes a person to mend it. */
const faults = [
  { kind: 'slow', ms: 1_000 },
  { kind: 'slow', ms: 7 * minute },
  { kind: 'slow-after-commit', ms: minute },
  { kind: 'slow-after-commit', ms: 7 * minute },
  { kind: 'error-500' },
  { kind: 'error-503' },
  { kind: 'error-500-after-commit' },
  { kind: 'timeout-before' },
  { kind: 'timeout-after-commit' },
  { kind: 'reset-before' },
  { kind: 'reset-after-commit' },
  { kind: 'rate-limit-minute', ms: 1_000 },
  { kind: 'rate-limit-minute', ms: 3_000 },
  { kind: 'garbage-200-after-commit' },
  { kind: 'html-200' },
  { kind: 'token-slow', ms: 1_000 },
  { kind: 'token-reset-after-commit' },
] as const

/** Everything that may go wrong, one after the other and some of it at once, until the signal; then all of it is over. */
export async function storm(world: World, chance: Chance, forMs: number, until: AbortSignal): Promise<Weather> {
  const began = performance.now()
  const seen: Weather = {
    kills: 0,
    freezes: 0,
    redisRestarts: 0,
    flushes: 0,
    postgresRestarts: 0,
    cutOffs: 0,
    xeroFaults: 0,
  }
  const { redisUrl, databaseUrl } = world.stack()
  const redis = new RedisServer(redisUrl)
  const postgres = new PostgresServer(world.stateDir, databaseUrl ?? '')
  const outage = () => chance.int(500, 6_000)

  const kill = async () => {
    if (world.kill(chance.pick(services), chance.int(0, 9))) seen.kills++
  }
  const pause = async () => {
    const name = chance.pick(services)
    const pids = world.stack().processes.flatMap((process) => (process.name === name ? [process.pid] : []))
    const pid = pids[chance.int(0, Math.max(0, pids.length - 1))]
    // Past its leases: who wakes up again must not undo what a peer did meanwhile.
    if (pid && (await freeze([pid], chance.int(500, 15_000)))) seen.freezes++
  }
  const hurtRedis = async () => {
    const how = chance.int(0, 3)
    if (how === 0) {
      seen.redisRestarts++
      await redis.restart()
    } else if (how === 1) {
      seen.flushes++
      await redis.flush()
    } else {
      seen.cutOffs++
      await (how === 2 ? redis.freeze(outage()) : redis.cutOff(outage()))
    }
  }
  const hurtPostgres = async () => {
    const how = chance.int(0, 2)
    if (how === 0) {
      seen.postgresRestarts++
      postgres.restart()
    } else {
      seen.cutOffs++
      await (how === 1 ? postgres.freeze(outage()) : postgres.cutOff(outage()))
    }
  }
  const hurtXero = async () => {
    seen.xeroFaults++
    // A note whose answer was lost is looked for an hour later: late ones would only make the settling longer.
    const late = performance.now() - began > forMs / 2
    const match = late ? { match: { path: '/(Contacts|Items|Invoices|Organisation)(\\?|$)' } } : {}
    await world.inXero('faults', { ...chance.pick(faults), ...match, times: chance.int(1, 3) })
  }

  const disconnect = async () => {
    seen.xeroFaults++
    await world.inXero('disconnect', {})
  }

  /** Its own pace for each kind, so that they meet in every combination. */
  const nowAndThen = async (meanMs: number, happen: () => Promise<void>) => {
    while (!until.aborted) {
      await sleep(chance.int(meanMs / 2, meanMs * 1.5), until)
      if (!until.aborted) await happen()
    }
  }
  await Promise.all([
    nowAndThen(4_000, kill),
    nowAndThen(6_000, pause),
    nowAndThen(12_000, hurtRedis),
    nowAndThen(15_000, hurtPostgres),
    nowAndThen(1_500, hurtXero),
    nowAndThen(40_000, disconnect),
  ])
  await world.clearFaults()
  return seen
}
