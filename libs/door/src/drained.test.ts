import { once } from 'node:events'
import { createServer, get, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Response } from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drained } from './drained.js'

const server = createServer()
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** A response whose client takes nothing, and how that one leaves. */
async function untaken() {
  const asked = once(server, 'request')
  const client = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).on('error', () => undefined)
  const [, res] = (await asked) as [unknown, ServerResponse]
  while (res.write('x'.repeat(1_000_000)));
  return { res: res as Response, leave: () => client.destroy() }
}

test('what a client that left was to take is not waited for', async () => {
  const { res, leave } = await untaken()
  const waiting = drained(res, new AbortController().signal)
  leave()
  await waiting
  await drained(res, new AbortController().signal)
  expect(res.destroyed).toBe(true)
})

test('nor what nobody wants any more', async () => {
  const { res, leave } = await untaken()
  const over = new AbortController()
  const waiting = drained(res, over.signal)
  over.abort()
  await waiting
  await drained(res, over.signal)
  leave()
})
