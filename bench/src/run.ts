import { busFigures } from './bus.js'
import type { Figure } from './figure.js'
import { limiterFigures } from './limiter.js'

/** Every set of figures; a name after `--only` picks those that begin with it. */
const sets: Readonly<
  Record<string, (wanted: (name: string) => boolean, say: (text: string) => void) => Promise<readonly Figure[]>>
> = {
  bus: busFigures,
  limiter: limiterFigures,
}

const args = process.argv.slice(2)
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '') : ''
const json = args.includes('--json')

const figures: Figure[] = []
for (const [set, measure] of Object.entries(sets)) {
  if (only !== '' && !only.startsWith(set)) continue
  const measured = await measure(
    (name) => only === set || name.startsWith(only),
    (text) => process.stderr.write(`${text}\n`),
  )
  for (const figure of measured) {
    figures.push(figure)
    process.stdout.write(`${json ? JSON.stringify(figure) : inWords(figure)}\n`)
  }
}
if (json) process.stdout.write(`${JSON.stringify({ node: process.version, figures })}\n`)
if (figures.length === 0) throw new Error(`Nothing is called ${only}`)

function inWords({ name, unit, ours, peer, theirs, ratio, runs }: Figure): string {
  const range = (values: readonly number[]) => `${Math.min(...values)} to ${Math.max(...values)}`
  return `${name}: ${ours} ${unit} (${range(runs.ours)}), ${peer} ${theirs} (${range(runs.theirs)}), ratio ${ratio}`
}
