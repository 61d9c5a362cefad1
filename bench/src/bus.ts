import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '@afo/sandbox/redis'
import { Pair } from './bus/pair.js'
import type { SideName } from './bus/side.js'
import { type Figure, type FigureSet, quantile, toFigure } from './figure.js'

const RUNS = 5
/** Messages in a burst before any counts; a turn of the figure's own kind follows it. */
const WARM_UP = 10_000

type Turn = Awaited<ReturnType<Pair['run']>>
/** A turn of each run. */
type Taken = readonly { readonly ours: Turn; readonly theirs: Turn }[]

/** One way of using a bus, and what is read from each run of it. */
interface Measurement {
  readonly names: readonly string[]
  readonly unit: string
  readonly peer: Exclude<SideName, 'bus'>
  /** When Redis writes to disk. */
  readonly persistence: 'no' | 'everysec' | 'always'
  readonly concurrency: number
  /**
   * Parts of a run, each in processes of its own: where the system places a pair of them makes a fifth of a latency. Ours and theirs take turns
   * with each, and so do the runs: what slows the machine down for a moment slows all of them.
   */
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
    'A message is published by one process and handled by another, which does nothing with it. c1 and c50: handled by one or by fifty at once; 10,000 messages (c1: 3,000, bare loop: 100,000 in five turns) unless the name says another number. Latency: from publishing to the start of its handling, 2,000 messages in five turns, one every 3.5 ms. Redis keeps nothing on disk unless the name says `everysec` (`appendfsync everysec`) or `durable` (`always`). Each of the turns has processes of its own, in which a burst of 10,000 and a first turn warm up and are not counted; the runs share them in turns. Every run checks that each message was handled exactly once. Rates: higher is better; times: lower.',
  names: measurements.flatMap(({ names }) => names),
  async *measure(wanted) {
    for (const measurement of measurements.filter(({ names }) => names.some(wanted)))
      for (const figure of await beside(measurement)) if (wanted(figure.name)) yield figure
  },
}

async function beside(measurement: Measurement): Promise<Figure[]> {
  const { names, unit, peer, persistence, turns, read } = measurement
  const dir = await mkdtemp(join(tmpdir(), 'ampedfieldops-bench-'))
  const config: Record<string, string> = persistence === 'no' ? {} : { appendfsync: persistence }
  const redis = await startRedis({ dir, appendOnly: persistence !== 'no', config })
  try {
    const taken: Taken[] = []
    while (taken.length < turns) taken.push(await takeTurns(measurement, redis.url))
    const of = (side: 'ours' | 'theirs', name: number) =>
      Array.from(
        { length: RUNS },
        (_, run) => read(taken.flatMap((turn) => turn[run]?.[side] ?? []))[name] ?? Number.NaN,
      )
    return names.map((name, i) => toFigure(name, unit, peer, of('ours', i), of('theirs', i)))
  } finally {
    await redis.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** A turn of each run in new processes, which are warm by then. */
async function takeTurns({ peer, concurrency, turn }: Measurement, redisUrl: string): Promise<Taken> {
  const pairs: Pair[] = []
  const start = async (side: SideName) => {
    const pair = await Pair.start(side, redisUrl, concurrency)
    pairs.push(pair)
    await pair.run(WARM_UP, 50)
    await turn(pair)
    return pair
  }
  try {
    const [ours, theirs] = [await start('bus'), await start(peer)]
    const taken = []
    for (let run = 0; run < RUNS; run++) taken.push({ ours: await turn(ours), theirs: await turn(theirs) })
    return taken
  } finally {
    await Promise.all(pairs.map((pair) => pair.close()))
  }
}
