import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { freePort, holdPort } from './ports.js'

test('a held port is held from the next one who wishes for it', async () => {
  const wished = await freePort()
  const first = await holdPort(wished)
  const second = await holdPort(wished)
  await first.release()
  const third = await holdPort(wished)
  await Promise.all([second.release(), third.release()])
  expect([first.port, second.port > wished, third.port]).toEqual([wished, true, wished])
})

test('no port is given out twice, to whichever process', async () => {
  const ask = `import { freePort } from ${JSON.stringify(new URL('../../dist/stack/ports.js', import.meta.url).href)}
    console.log((await Promise.all(Array.from({ length: 150 }, () => freePort()))).join(' '))`
  const askers = Array.from({ length: 3 }, () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', ask]),
  )
  const ports = (await Promise.all(askers)).flatMap(({ stdout }) => stdout.trim().split(' '))
  expect(new Set(ports).size).toBe(450)
})
