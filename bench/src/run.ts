import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { busFigures } from './bus.js'
import { doorFigures } from './door.js'
import { asTable, type Figure } from './figure.js'
import { limiterFigures } from './limiter.js'

type Measure = (wanted: (name: string) => boolean) => AsyncIterable<Figure> | Promise<Iterable<Figure>>

/** Every set of figures, by what their names begin with. */
const sets: Readonly<Record<string, Measure>> = { bus: busFigures, limiter: limiterFigures, door: doorFigures }

const args = process.argv.slice(2)
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '') : ''
const json = args.includes('--json')

const figures: Figure[] = []
for (const [set, measure] of Object.entries(sets)) {
  // "durable bus throughput c50" is of the set "bus".
  if (only !== '' && !only.split(' ').includes(set)) continue
  for await (const figure of await measure((name) => only === set || name.startsWith(only))) {
    figures.push(figure)
    process.stdout.write(`${json ? JSON.stringify(figure) : inWords(figure)}\n`)
  }
}
if (figures.length === 0) throw new Error(`Nothing is called ${only}`)
if (args.includes('--write'))
  writeFileSync(fileURLToPath(new URL('../../docs/BENCHMARKS.md', import.meta.url)), asTable(figures))
if (json) process.stdout.write(`${JSON.stringify({ node: process.version, figures })}\n`)

function inWords({ name, unit, ours, peer, theirs, ratio, runs }: Figure): string {
  const range = (values: readonly number[]) => `${Math.min(...values)} to ${Math.max(...values)}`
  return `${name}: ${ours} ${unit} (${range(runs.ours)}), ${peer} ${theirs} (${range(runs.theirs)}), ratio ${ratio}`
}
