// npm run soak -- --minutes M --seed S [--json]: random histories of edits on both sides, on the real contact-sync, Postgres, Redis and the sandbox.
// A finding is told with its seed; begin with that seed to see the same history first.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, root, run, say, tool } from './shell.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean' },
  },
})
if (!(Number(values.minutes) > 0) || !/^\d+$/.test(values.seed)) fail('npm run soak -- --minutes M --seed S [--json]')

const figures = join(root, '.state', 'soak.json')
mkdirSync(join(root, '.state'), { recursive: true })
rmSync(figures, { force: true })
say(`Histories for ${values.minutes} minutes from seed ${values.seed}`)
const env = { SOAK_MINUTES: values.minutes, SOAK_FIGURES: figures, SEED: values.seed }
const code = await run(tool('vitest'), ['run', 'services/contact-sync/test/model'], { env })
const text = readFileSync(figures, 'utf8')
if (values.json) console.log(text)
else say(text)
process.exitCode = code
