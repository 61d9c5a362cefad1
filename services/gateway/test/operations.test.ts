import { freePort } from '@afo/sandbox/stack'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Rig, startRig } from './rig.js'

let rig: Rig
let inside: string
beforeAll(async () => {
  const port = await freePort()
  inside = `http://127.0.0.1:${port}`
  rig = await startRig({ environment: { OPERATIONS_PORT: String(port) } })
})
afterAll(() => rig?.close())

const status = async (url: string) => (await fetch(url)).status

test('with a port of their own, readiness and figures are not on the public one', async () => {
  expect(await Promise.all(['/health', '/ready', '/metrics'].map((path) => status(rig.url + path)))).toEqual([
    200, 404, 404,
  ])
  expect(await Promise.all(['/health', '/ready', '/metrics'].map((path) => status(inside + path)))).toEqual([
    200, 200, 200,
  ])
})
