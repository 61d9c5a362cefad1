// npm run soak -- --minutes M --seed S [--json]: random histories of edits on both sides, on the real contact-sync, Postgres, Redis and the sandbox.
// A finding is told with its seed; begin with that seed to see the same history first.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, run, say, tool } from './shell.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean' },
  },
})
if (!(Number(values.minutes) > 0) || !/^\d+$/.test(values.seed)) fail('npm run soak -- --minutes M --seed S [--json]')

const folder = mkdtempSync(join(tmpdir(), 'ampedfieldops-soak-'))
const figures = join(folder, 'figures.json')
say(`Histories for ${values.minutes} minutes from seed ${values.seed}`)
const env = { SOAK_MINUTES: values.minutes, SOAK_FIGURES: figures, SEED: values.seed }
const code = await run(tool('vitest'), ['run', 'services/contact-sync/test/model'], { env })
const text = readFileSync(figures, 'utf8')
rmSync(folder, { recursive: true })
if (values.json) console.log(text)
else say(text)
process.exitCode = code
