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

test('no port is given out twice', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()))
  expect(new Set(ports).size).toBe(50)
})
