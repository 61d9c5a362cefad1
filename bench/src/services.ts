import { setTimeout as wait } from 'node:timers/promises'
import { type ServiceName, serviceNames } from '@afo/contracts'
import { type StackDetails, usageOf } from '@afo/sandbox/stack'
import { tellStory } from '@afo/sandbox/story'
import { type FigureSet, toFigure } from './figure.js'
import { openOffice } from './office.js'

const WINDOWS = 5
const WINDOW_MS = 3_000

interface Usage {
  readonly nowMiB: number
  readonly peakMiB: number
  /** Per cent of a core. */
  readonly cpu: number
}

const memory = { unit: 'MiB', peer: 'promised for idle', theirs: 150 }
const processor = { unit: '% of a core', peer: 'a core', theirs: 100 }
const rows = [
  { ...memory, name: 'idle memory of', of: (idle: readonly Usage[]) => idle.map(({ nowMiB }) => nowMiB) },
  { ...memory, name: 'peak memory at work of', of: (_: readonly Usage[], story: Usage) => [story.peakMiB] },
  { ...processor, name: 'idle CPU of', of: (idle: readonly Usage[]) => idle.map(({ cpu }) => cpu) },
  { ...processor, name: 'CPU at work of', of: (_: readonly Usage[], story: Usage) => [story.cpu] },
]

/** What each service uses: with nothing to do, and while a company connects, syncs, bills and is paid. */
export const serviceFigures: FigureSet = {
  title: 'Memory and processor of each service',
  intro: `Resident memory, and time on a processor as a share of one core. Idle: ${WINDOWS} windows of ${WINDOW_MS / 1000} s after the start. At work: once through the story of \`npm run demo\` (connect, sync clients, take over items, bill everything, ask what was paid), whose two ledgers must agree. There is no other program to compare with: 150 MiB is the limit promised for an idle service, 100 % is a whole core. Lower is better. Linux only.`,
  names: rows.flatMap(({ name }) => serviceNames.map((service) => `${name} ${service}`)),
  linuxOnly: true,
  async *measure(wanted) {
    const office = await openOffice(1)
    try {
      const idle: Map<ServiceName, Usage>[] = []
      for (let i = 0; i < WINDOWS; i++) idle.push(await during(office, () => wait(WINDOW_MS)))
      const story = await during(office, async () => {
        const { ok, problems } = await tellStory({ ...office, say: () => undefined })
        if (!ok) throw new Error(`The story didn't come out right: ${problems.join('; ')}`)
      })
      for (const { name, unit, peer, theirs, of } of rows) {
        for (const [service, atWork] of story) {
          const ours = of(
            idle.flatMap((window) => window.get(service) ?? []),
            atWork,
          )
          if (wanted(`${name} ${service}`)) yield toFigure(`${name} ${service}`, unit, peer, ours, [theirs])
        }
      }
    } finally {
      await office.close()
    }
  },
}

async function during({ processes }: StackDetails, work: () => Promise<unknown>): Promise<Map<ServiceName, Usage>> {
  const services = serviceNames.map((name) => {
    const pid = processes.find((process) => process.name === name)?.pid ?? Number.NaN
    return { name, pid, before: usageOf(pid).cpuMs }
  })
  const began = performance.now()
  await work()
  const ms = performance.now() - began
  return new Map(
    services.map(({ name, pid, before }) => {
      const { nowKb, peakKb, cpuMs } = usageOf(pid)
      return [name, { nowMiB: nowKb / 1024, peakMiB: peakKb / 1024, cpu: ((cpuMs - before) / ms) * 100 }]
    }),
  )
}
