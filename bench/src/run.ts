import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { busFigures } from './bus.js'
import { doorFigures } from './door.js'
import { type Figure, inWords } from './figure.js'
import { limiterFigures } from './limiter.js'
import { serviceFigures } from './services.js'
import { syncFigures } from './sync.js'
import { asDocument } from './table.js'

const sets = {
  bus: busFigures,
  limiter: limiterFigures,
  door: doorFigures,
  sync: syncFigures,
  services: serviceFigures,
}

const args = process.argv.slice(2)
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '') : ''
const json = args.includes('--json')
const write = args.includes('--write')
if (write && only !== '') throw new Error('--write writes all figures, so it takes no --only')

const measured = new Map<keyof typeof sets, Figure[]>()
for (const [key, set] of Object.entries(sets)) {
  const wanted = (name: string) =>
    only === '' || only === key ? !set.onRequest?.includes(name) : name.startsWith(only)
  if (!set.names.some(wanted)) continue
  const figures: Figure[] = []
  for await (const figure of set.measure(wanted)) {
    figures.push(figure)
    process.stdout.write(`${json ? JSON.stringify(figure) : inWords(figure)}\n`)
  }
  measured.set(key as keyof typeof sets, figures)
}
if (measured.size === 0)
  throw new Error(
    `--only takes a set (${Object.keys(sets).join(', ')}) or the beginning of a figure's name, not "${only}"`,
  )
if (json) process.stdout.write(`${JSON.stringify({ node: process.version, figures: [...measured.values()].flat() })}\n`)
if (write) {
  const document = asDocument([...measured].map(([key, figures]) => ({ ...sets[key], figures })))
  writeFileSync(fileURLToPath(new URL('../../docs/BENCHMARKS.md', import.meta.url)), document)
}
