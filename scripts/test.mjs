// npm test: lint, types, then every test, those in a browser beside the others. Arguments go to vitest, and no browser is started: `npm test -- libs/bus`.
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { haveChromium, runSpecs } from './browser.mjs'
import { oneChecker } from './prepare.mjs'
import { browserResults, testResults } from './results.mjs'
import { root, run, say, tool } from './shell.mjs'
import { joinTestRuns } from './test-runs.mjs'

const wanted = process.argv.slice(2)
const reporters = (file) => ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]

const steps = [
  { name: 'Lint', run: () => run(tool('biome'), ['check', '.']) },
  {
    name: 'Types',
    run: async () => {
      const projects = ['tsconfig.test.json', 'console']
      const check = (args) => run(tool('tsc'), [...args, ...oneChecker])
      return (
        (await check(['-b'])) || Math.max(...(await Promise.all(projects.map((project) => check(['-p', project])))))
      )
    },
  },
  { name: 'Docs', run: () => run(process.execPath, ['scripts/docs.mjs', '--check']) },
  {
    name: 'Tests',
    run: async () => {
      const env = { TEST_RUNS: String(testRuns()), COMPILED: '1' }
      const vitest = run(tool('vitest'), ['run', ...reporters(testResults), ...wanted], { stdout: 1, env })
      // Who asks for some tests isn't made to wait for a browser.
      return Math.max(...(await Promise.all([vitest, wanted.length === 0 ? browser() : 0])))
    },
  },
]

/** The browser's tests wait as much as the others do, so both together take little longer. What they print comes at their end, in one piece. */
async function browser() {
  if (!(await haveChromium())) return 0
  const log = join(root, '.state', 'browser.log')
  const code = await runSpecs(['console', ...reporters(browserResults)], openSync(log, 'w'))
  process.stdout.write(readFileSync(log))
  return code
}

const testRuns = joinTestRuns()
mkdirSync(join(root, '.state'), { recursive: true })
for (const file of [testResults, browserResults]) rmSync(file, { force: true })
for (const step of steps) {
  say(`${step.name} ...`)
  if ((await step.run()) === 0) continue
  say(`${step.name}: failed`)
  process.exitCode = 1
  break
}
if (process.exitCode === undefined) say('Everything passed')
