import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createLog, processEnvironment, runProcess } from '@afo/kit'
import { stateRoot } from '@afo/sandbox/stack'
import { invoicing } from './invoicing.js'
import { World } from './world.js'

const usage = 'npm run chaos -- --scenario invoicing [--seed S] [--runs N] [--json]'
const scenarios = { invoicing } as const

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'invoicing' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '25' },
    json: { type: 'boolean', default: false },
  },
})
const scenario = Object.hasOwn(scenarios, values.scenario)
  ? scenarios[values.scenario as keyof typeof scenarios]
  : undefined
const [seed, runs] = [Number(values.seed), Number(values.runs)]
if (!scenario || !Number.isInteger(seed) || !Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}
const say = (text: string) => process.stderr.write(`${text}\n`)

await runProcess(
  async (_signal, closers) => {
    const stateDir = resolve(processEnvironment().STATE_DIR || join(stateRoot(), 'chaos'))
    const world = await World.open(stateDir, closers, say)
    const figures = await scenario(world, seed, runs, say)
    const wrong = figures.doubled + figures.lost + figures.stuck + figures.centsOff
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
