// npm test: lint, types, then every test. Arguments go to vitest: `npm test -- libs/bus`.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, run, say, tool } from './shell.mjs'

export const resultsFile = join(root, '.state', 'test-results.json')

const steps = [
  { name: 'Lint', run: () => run(tool('biome'), ['check', '.']) },
  {
    name: 'Types',
    run: async () =>
      (await run(tool('tsc'), ['-b'])) ||
      (await run(tool('tsc'), ['-p', 'tsconfig.test.json'])) ||
      run(tool('tsc'), ['-p', 'console']),
  },
  { name: 'Docs', run: () => run(process.execPath, ['scripts/docs.mjs', '--check']) },
  {
    name: 'Tests',
    run: () =>
      run(
        tool('vitest'),
        ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`, ...process.argv.slice(2)],
        { stdout: 1 },
      ),
  },
]

mkdirSync(join(root, '.state'), { recursive: true })
rmSync(resultsFile, { force: true })
for (const step of steps) {
  say(`${step.name} ...`)
  if ((await step.run()) === 0) continue
  say(`${step.name}: failed`)
  process.exitCode = 1
  break
}
if (process.exitCode === undefined) say('Everything passed')
