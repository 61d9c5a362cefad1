import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '@afo/sandbox/redis'
import { Pair } from './bus/pair.js'
import type { SideName } from './bus/side.js'
import { type Figure, type FigureSet, quantile, toFigure } from './figure.js'

const RUNS = 5

type Turn = Awaited<ReturnType<Pair['run']>>

/** One way of using a bus, and what is read from each run of it. */
interface Measurement {
  readonly names: readonly string[]
  readonly unit: string
  readonly peer: Exclude<SideName, 'bus'>
  /** When Redis writes to disk. */
  readonly persistence: 'no' | 'everysec' | 'always'
  readonly concurrency: number
  /** Parts of a run. Ours and theirs take turns with each, and so do the runs: what slows the machine down for a moment slows all of them. */
  readonly turns: number
  readonly turn: (pair: Pair) => Promise<Turn>
  /** A value for each name from all turns of a run. */
  readonly read: (turns: readonly Turn[]) => readonly number[]
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** Messages per second from the first one sent to the last one handled; sent in batches of 50, as fast as they are accepted. */
const throughput = (name: string, concurrency: number, count: number, turns = 1): Measurement => ({
  names: [`bus throughput ${name}`],
  unit: 'messages/s',
  peer: 'BullMQ',
  persistence: 'no',
  concurrency,
  turns,
  turn: (pair) => pair.run(count, 50),
  read: (taken) => [(taken.length * count) / total(taken.map(({ seconds }) => seconds))],
})

/**
 * Milliseconds from sending to the start of the handling, one message every 3.5 ms whatever became of the one before. 2,000 in a run, so
 * that its p99 is its twentieth worst: of a few hundred it would be what the machine did to five or six.
 */
const latency: Measurement = {
  ...throughput('', 50, 0, 5),
  names: ['bus latency p50', 'bus latency p99'],
  unit: 'ms',
  turn: (pair) => pair.run(400, 1, 3.5),
  read(taken) {
    const latencies = taken.flatMap((turn) => turn.latencies)
    return [quantile(latencies, 0.5), quantile(latencies, 0.99)]
  },
}

const inMemory = [throughput('c50', 50, 10_000), throughput('c1', 1, 3_000), latency]
const onDisk = (persistence: 'everysec' | 'always', called: string) =>
  inMemory.map((one) => ({ ...one, names: one.names.map((name) => `${called} ${name}`), persistence }))

const measurements: readonly Measurement[] = [
  ...inMemory,
  { ...throughput('c50 of a bare loop', 50, 20_000, 5), peer: 'bare ioredis' },
  ...onDisk('everysec', 'everysec'),
  ...onDisk('always', 'durable'),
  // How it grows with the number of messages that come at once.
  throughput('c50, 1k messages', 50, 1_000),
  throughput('c50, 100k messages', 50, 100_000),
]

/** The bus beside what people use instead. Ours and theirs take turns on one Redis; every run checks that each message was handled exactly once. */
export const busFigures: FigureSet = {
  title: 'The bus',
  intro:
    'A message is published by one process and handled by another, which does nothing with it. c1 and c50: handled by one or by fifty at once; 10,000 messages (c1: 3,000, bare loop: 100,000 in five turns) unless the name says another number. Latency: from publishing to the start of its handling, 2,000 messages in five turns, one every 3.5 ms. Redis keeps nothing on disk unless the name says `everysec` (`appendfsync everysec`) or `durable` (`always`). A first run of each warms up and is not counted. Every run checks that each message was handled exactly once. Rates: higher is better; times: lower.',
  names: measurements.flatMap(({ names }) => names),
  async *measure(wanted) {
    for (const measurement of measurements.filter(({ names }) => names.some(wanted)))
      for (const figure of await beside(measurement)) if (wanted(figure.name)) yield figure
  },
}

async function beside({
  names,
  unit,
  peer,
  persistence,
  concurrency,
  turns,
  turn,
  read,
}: Measurement): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'ampedfieldops-bench-'))
  const config: Record<string, string> = persistence === 'no' ? {} : { appendfsync: persistence }
  const redis = await startRedis({ dir, appendOnly: persistence !== 'no', config })
  const pairs: Pair[] = []
  try {
    for (const side of ['bus', peer] as const) pairs.push(await Pair.start(side, redis.url, concurrency))
    for (let n = 0; n < turns; n++) for (const pair of pairs) await turn(pair)
    const taken: Turn[][][] = pairs.map(() => Array.from({ length: RUNS }, () => []))
    for (let n = 0; n < turns; n++)
      for (let run = 0; run < RUNS; run++)
        for (const [side, pair] of pairs.entries()) taken[side]?.[run]?.push(await turn(pair))
    const runs = taken.map((ofSide) => ofSide.map(read))
    const of = (side: number, name: number) => (runs[side] ?? []).map((values) => values[name] ?? Number.NaN)
    return names.map((name, i) => toFigure(name, unit, peer, of(0, i), of(1, i)))
  } finally {
    await Promise.all(pairs.map((pair) => pair.close()))
    await redis.close()
    await rm(dir, { recursive: true, force: true })
  }
}
