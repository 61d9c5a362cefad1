import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { armFailpoints, failpoint } from './failpoint.js'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ampedfieldops-failpoint-'))
})
afterEach(() => {
  armFailpoints(undefined, false)
  rmSync(dir, { recursive: true })
})

test('production refuses it', () => {
  expect(() => armFailpoints(join(dir, 'f'), true)).toThrow('NODE_ENV=production')
  expect(() => armFailpoints(undefined, true)).not.toThrow()
})

test('without a file, or with another name in it, nothing happens', () => {
  failpoint('here')
  armFailpoints(join(dir, 'f'), false)
  failpoint('here')
  writeFileSync(join(dir, 'f'), 'elsewhere')
  failpoint('here')
  expect(existsSync(join(dir, 'f'))).toBe(true)
})

test('the named point kills, once', () => {
  execFileSync(fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url)), [
    '-b',
    fileURLToPath(new URL('..', import.meta.url)),
  ])
  const file = join(dir, 'f')
  writeFileSync(file, 'here\n')
  const kit = new URL('../dist/failpoint.js', import.meta.url).href
  const code = `import { armFailpoints, failpoint } from ${JSON.stringify(kit)}
    armFailpoints(${JSON.stringify(file)}, false); failpoint('there'); console.log('still'); failpoint('here'); setTimeout(() => console.log('never'), 1000)`
  const run = () => spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  const first = run()
  expect([first.signal, first.stdout]).toEqual(['SIGKILL', 'still\n'])
  expect(existsSync(file)).toBe(false)
  expect(run()).toMatchObject({ status: 0, stdout: 'still\nnever\n' })
})
