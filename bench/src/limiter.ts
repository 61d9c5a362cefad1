import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectBus } from '@afo/bus'
import { createLog, Registry, timeScale } from '@afo/kit'
import { createLimiter, defaultLimits } from '@afo/limiter'
import { startRedis } from '@afo/sandbox/redis'
import Bottleneck from 'bottleneck'
import { type Figure, type FigureSet, toFigure } from './figure.js'

const runs = 5
/** Each organisation has its own window, so that none of the measured calls has to wait. */
const organisations = 20
const callsEach = 10

const name = 'limiter overhead per call'

/** What the shared limiter adds to one call, beside bottleneck in one process's memory, which counts for that process alone. */
export const limiterFigures: FigureSet = {
  title: 'The limiter',
  intro:
    "Asking for a turn and giving it back: two scripts on a real Redis, shared by all processes. Bottleneck counts in one process's memory, for that process alone; what it takes is mostly the timers of Node's, a millisecond each, that every call of its goes through. One call at a time. Lower is better.",
  names: [name],
  async *measure() {
    yield await measure()
  },
}

async function measure(): Promise<Figure> {
  const dir = await mkdtemp(join(tmpdir(), 'ampedfieldops-bench-'))
  const redis = await startRedis({ dir })
  const scale = timeScale(1, false)
  const log = createLog('bench', 'fatal')
  const bus = await connectBus({ redisUrl: redis.url, service: 'invoicing', log, registry: new Registry(), scale })
  const limiter = createLimiter({ runScript: bus.runScript, service: 'bench', limits: defaultLimits, scale, log })
  try {
    const ours: number[] = []
    const theirs: number[] = []
    for (let run = 0; run < runs; run++) {
      const tenants = Array.from({ length: organisations }, (_, i) => `${run}-${i}`)
      const call = async (tenant: string) => {
        const permit = await limiter.acquire(tenant, 'schedule', 'bench')
        if (!permit.granted) throw new Error(`refused: ${permit.reason}`)
        await permit.release({ sent: true, minuteRemaining: 59, dayRemaining: 1000, pause: null })
      }
      // An empty Redis is met with a pause and a probe, which aren't what is measured.
      await Promise.all(tenants.map(call))
      ours.push(await msPerCall(tenants, call))
      const local = new Bottleneck({ maxConcurrent: 5, reservoir: 1_000_000 })
      theirs.push(await msPerCall(tenants, () => local.schedule(async () => undefined)))
    }
    return toFigure(name, 'ms', 'bottleneck (one process)', ours, theirs)
  } finally {
    limiter.close()
    await bus.close()
    await redis.close()
    await rm(dir, { recursive: true, force: true })
  }
}

async function msPerCall(tenants: readonly string[], call: (tenant: string) => Promise<unknown>): Promise<number> {
  const began = performance.now()
  for (let i = 0; i < callsEach; i++) for (const tenant of tenants) await call(tenant)
  return (performance.now() - began) / (callsEach * tenants.length)
}
