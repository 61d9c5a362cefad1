import { parseArgs } from 'node:util'
import { busFigures } from './bus.js'
import { choose } from './choose.js'
import { writeDocument } from './document.js'
import { doorFigures } from './door.js'
import { type Figure, inWords } from './figure.js'
import { limiterFigures } from './limiter.js'
import { serviceFigures } from './services.js'
import { syncFigures } from './sync.js'

const usage = `npm run bench [-- OPTIONS]   figures beside their peers
  --only NAME   one set (bus, limiter, door, sync, services), or the figures whose names begin so ("bus latency p50", "durable bus")
  --json        a line of JSON for each figure, then all of them in one
  --write       writes docs/BENCHMARKS.md; with --only SET the chapter of that set alone`

const sets = {
  bus: busFigures,
  limiter: limiterFigures,
  door: doorFigures,
  sync: syncFigures,
  services: serviceFigures,
}

async function run(): Promise<void> {
  const { only, json, write, help } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'boolean' },
      write: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  }).values
  if (help) return void process.stderr.write(`${usage}\n`)
  if (write && only !== undefined && !Object.hasOwn(sets, only))
    throw new Error(`--write takes whole sets (${Object.keys(sets).join(', ')}), not "${only}"`)
  const chosen = choose(sets, only)
  const measured = new Map<string, Figure[]>()
  for (const { set, wanted } of chosen) {
    if (set.linuxOnly && process.platform !== 'linux') {
      process.stderr.write(`${set.title}: measured on Linux only\n`)
      continue
    }
    const figures: Figure[] = []
    for await (const figure of set.measure(wanted)) {
      figures.push(figure)
      process.stdout.write(`${json ? JSON.stringify(figure) : inWords(figure)}\n`)
    }
    measured.set(set.title, figures)
  }
  const figures = [...measured.values()].flat()
  if (json) process.stdout.write(`${JSON.stringify({ node: process.version, figures })}\n`)
  if (write) writeDocument(Object.values(sets), measured)
}

await run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
