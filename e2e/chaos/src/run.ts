import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createLog, processEnvironment, runProcess } from '@afo/kit'
import { stateRoot } from '@afo/sandbox/stack'
import { invoicing } from './invoicing.js'
import { whole } from './whole/index.js'
import { World } from './world.js'

const usage = 'npm run chaos -- --scenario invoicing|all [--seed S] [--runs N | --minutes M] [--json]'
/** Figures of which each has to be 0. */
const faultless = [
  'doubled',
  'lost',
  'stuck',
  'centsOff',
  'contactsDiverged',
  'invoicesDoubled',
  'invoicesLost',
  'commandsFailed',
]

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'invoicing' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '25' },
    minutes: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
})
const [seed, runs, minutes] = [Number(values.seed), Number(values.runs), Number(values.minutes)]
const scenarios: Record<string, (world: World) => Promise<object>> = {
  invoicing: (world) => invoicing(world, seed, runs, say),
  all: (world) => whole(world, seed, minutes, say),
}
const scenario = Object.hasOwn(scenarios, values.scenario) ? scenarios[values.scenario] : undefined
if (!scenario || !Number.isInteger(seed) || !Number.isInteger(runs) || runs < 1 || !(minutes > 0)) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}
const say = (text: string) => process.stderr.write(`${text}\n`)

await runProcess(
  async (_signal, closers) => {
    const stateDir = resolve(processEnvironment().STATE_DIR || join(stateRoot(), 'chaos'))
    const world = await World.open(stateDir, closers, say)
    const figures = (await scenario(world)) as Record<string, number>
    const unfinished = (figures.commandsAccepted ?? 0) - (figures.commandsFinished ?? 0)
    const wrong = faultless.reduce((sum, name) => sum + (figures[name] ?? 0), unfinished)
    process.stdout.write(
      values.json
        ? `${JSON.stringify(figures)}\n`
        : `${Object.entries(figures)
            .map(([name, count]) => `${name} ${count}`)
            .join(', ')}\n`,
    )
    await closers.close()
    process.exit(wrong === 0 ? 0 : 1)
  },
  { log: createLog('chaos', 'error'), deadlineMs: 60_000, followParent: true },
)
