import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '@afo/sandbox'
import { Pair } from './bus/pair.js'
import type { SideName } from './bus/side.js'
import { type Figure, type FigureSet, quantile, toFigure } from './figure.js'

const RUNS = 5

interface Measurement {
  readonly name: string
  readonly unit: string
  readonly peer: Exclude<SideName, 'bus'>
  /** When Redis writes to disk. */
  readonly persistence: 'no' | 'everysec' | 'always'
  readonly concurrency: number
  readonly measure: (pair: Pair) => Promise<number>
}

/** Messages per second from the first one sent to the last one handled; sent in batches of 50, as fast as they are accepted. */
const throughput = (name: string, concurrency: number, count: number): Measurement => ({
  name: `bus throughput ${name}`,
  unit: 'messages/s',
  peer: 'BullMQ',
  persistence: 'no',
  concurrency,
  measure: async (pair) => count / (await pair.run(count, 50)).seconds,
})

/** Milliseconds from sending to the start of the handling, one message every 3.5 ms whatever became of the one before. */
const latency = (name: string, q: number): Measurement => ({
  ...throughput(name, 50, 0),
  name: `bus latency ${name}`,
  unit: 'ms',
  measure: async (pair) => quantile((await pair.run(600, 1, 3.5)).latencies, q),
})

const inMemory = [throughput('c50', 50, 10_000), throughput('c1', 1, 3_000), latency('p50', 0.5), latency('p99', 0.99)]
const measurements: readonly Measurement[] = [
  ...inMemory,
  { ...throughput('c50 of a bare loop', 50, 20_000), peer: 'bare ioredis' },
  ...inMemory.map((one) => ({ ...one, name: `everysec ${one.name}`, persistence: 'everysec' as const })),
  ...inMemory.map((one) => ({ ...one, name: `durable ${one.name}`, persistence: 'always' as const })),
  // How it grows with the number of messages that come at once.
  throughput('c50, 1k messages', 50, 1_000),
  throughput('c50, 100k messages', 50, 100_000),
]

/** The bus beside what people use instead. Ours and theirs take turns on one Redis; every run checks that each message was handled exactly once. */
export const busFigures: FigureSet = {
  title: 'The bus',
  intro:
    'A message is published by one process and handled by another, which does nothing with it. c1 and c50: handled by one or by fifty at once. Latency: from publishing to the start of its handling. Redis keeps nothing on disk unless the name says `everysec` (`appendfsync everysec`) or `durable` (`always`). Rates: higher is better; times: lower.',
  names: measurements.map(({ name }) => name),
  async *measure(wanted) {
    for (const measurement of measurements.filter(({ name }) => wanted(name))) yield await beside(measurement)
  },
}

async function beside({ name, unit, peer, persistence, concurrency, measure }: Measurement): Promise<Figure> {
  const dir = await mkdtemp(join(tmpdir(), 'ampedfieldops-bench-'))
  const config: Record<string, string> = persistence === 'no' ? {} : { appendfsync: persistence }
  const redis = await startRedis({ dir, appendOnly: persistence !== 'no', config })
  const pairs: Pair[] = []
  try {
    for (const side of ['bus', peer] as const) pairs.push(await Pair.start(side, redis.url, concurrency))
    for (const pair of pairs) await pair.run(1_000, 50)
    const runs: number[][] = pairs.map(() => [])
    for (let run = 0; run < RUNS; run++) for (const [i, pair] of pairs.entries()) runs[i]?.push(await measure(pair))
    const [ours = [], theirs = []] = runs
    return toFigure(name, unit, peer, ours, theirs)
  } finally {
    await Promise.all(pairs.map((pair) => pair.close()))
    await redis.close()
    await rm(dir, { recursive: true, force: true })
  }
}
