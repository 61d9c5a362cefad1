import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '@afo/sandbox'
import { Pair } from './bus/pair.js'
import type { SideName } from './bus/side.js'
import { type Figure, quantile, toFigure } from './figure.js'

const RUNS = 5

interface Measurement {
  readonly name: string
  readonly unit: string
  readonly peer: Exclude<SideName, 'bus'>
  readonly persistence: 'no' | 'everysec' | 'always'
  readonly concurrency: number
  readonly measure: (pair: Pair) => Promise<number>
}

/** Messages per second from the first one sent to the last one handled; sent in batches of 50, as fast as they are accepted. */
const throughput = (count: number) => async (pair: Pair) => count / (await pair.run(count, 50)).seconds

/** Milliseconds from sending to the start of the handling, one message every 3.5 ms whatever became of the one before. */
const latency = (q: number) => async (pair: Pair) => quantile((await pair.run(600, 1, 3.5)).latencies, q)

const perSecond = 'messages/s'
const measurements: readonly Measurement[] = [
  {
    name: 'bus throughput c50',
    unit: perSecond,
    peer: 'BullMQ',
    persistence: 'no',
    concurrency: 50,
    measure: throughput(10_000),
  },
  {
    name: 'bus throughput c1',
    unit: perSecond,
    peer: 'BullMQ',
    persistence: 'no',
    concurrency: 1,
    measure: throughput(3_000),
  },
  {
    name: 'bus throughput c50 of a bare loop',
    unit: perSecond,
    peer: 'bare ioredis',
    persistence: 'no',
    concurrency: 50,
    measure: throughput(20_000),
  },
  { name: 'bus latency p50', unit: 'ms', peer: 'BullMQ', persistence: 'no', concurrency: 50, measure: latency(0.5) },
  { name: 'bus latency p99', unit: 'ms', peer: 'BullMQ', persistence: 'no', concurrency: 50, measure: latency(0.99) },
  {
    name: 'durable bus throughput c50',
    unit: perSecond,
    peer: 'BullMQ',
    persistence: 'always',
    concurrency: 50,
    measure: throughput(10_000),
  },
  {
    name: 'durable bus throughput c1',
    unit: perSecond,
    peer: 'BullMQ',
    persistence: 'always',
    concurrency: 1,
    measure: throughput(2_000),
  },
  {
    name: 'everysec bus throughput c50',
    unit: perSecond,
    peer: 'BullMQ',
    persistence: 'everysec',
    concurrency: 50,
    measure: throughput(10_000),
  },
  // How the figure above grows with the number of messages that come at once.
  ...[1_000, 100_000].map(
    (count): Measurement => ({
      name: `bus throughput c50, ${count / 1000}k messages`,
      unit: perSecond,
      peer: 'BullMQ',
      persistence: 'no',
      concurrency: 50,
      measure: throughput(count),
    }),
  ),
]

/** The bus beside what people use instead. Ours and theirs take turns on one Redis; every run checks that each message was handled exactly once. */
export async function* busFigures(wanted: (name: string) => boolean): AsyncGenerator<Figure> {
  for (const measurement of measurements.filter(({ name }) => wanted(name))) yield await beside(measurement)
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
