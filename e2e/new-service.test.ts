import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root, workspaces } from './workspaces.js'

/** `npm run new:service` in a copy of this clone: what it writes has the one shape and compiles. */
const copy = mkdtempSync(join(tmpdir(), 'ampedfieldops-new-'))
const isCopied = (path: string) => !/(^|\/)(node_modules|\.git|\.state|screenshots)(\/|$)/.test(path.slice(root.length))

beforeAll(() => {
  cpSync(root, copy, { recursive: true, filter: isCopied })
  // Packages are those of this clone, workspaces those of the copy.
  mkdirSync(join(copy, 'node_modules', '@afo'), { recursive: true })
  for (const entry of readdirSync(join(root, 'node_modules')))
    if (entry !== '@afo') symlinkSync(join(root, 'node_modules', entry), join(copy, 'node_modules', entry))
  for (const { folder, name } of workspaces()) symlinkSync(join(copy, folder), join(copy, 'node_modules', name))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (...command: [string, ...string[]]) => {
  const [program, ...args] = command
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: copy, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}
const newService = (name: string) => run(process.execPath, 'scripts/new-service.mjs', name)

test('a new service has the shape and compiles', () => {
  expect(newService('credit-notes')).toMatchObject({ status: 0 })
  expect(run(join(root, 'node_modules/.bin/tsc'), '-b', 'services/credit-notes')).toEqual({ status: 0, said: '' })
  const shape = run(
    process.execPath,
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=verbose',
    'e2e/shape.test.ts',
    'e2e/layers.test.ts',
  )
  expect(shape.said).toContain('services/credit-notes')
  expect(shape, shape.said).toMatchObject({ status: 0 })
  expect(readFileSync(join(copy, 'docker-compose.yml'), 'utf8')).toContain('args: { SERVICE: credit-notes }')
}, 120_000)

test.each(['credit-notes', 'item-sync', 'Credit', '../x', ''])('"%s" is refused, and nothing is written', (name) => {
  const before = readFileSync(join(copy, 'tsconfig.json'), 'utf8')
  expect(newService(name)).toMatchObject({ status: 1 })
  expect(readFileSync(join(copy, 'tsconfig.json'), 'utf8')).toBe(before)
})
