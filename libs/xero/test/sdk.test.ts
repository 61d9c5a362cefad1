import type { ServerResponse } from 'node:http'
import { type Answer, type HttpStub, httpStub, json } from '@afo/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { accountingApi, exchange } from '../src/sdk.js'

let stub: HttpStub
let answer: Answer
beforeEach(async () => {
  answer = (_, response) => json(response, 200, { Items: [] })
  stub = await httpStub((call, response) => answer(call, response))
})
afterEach(() => stub.close())

const call = { accessToken: 'token', timeoutMs: 5_000, signal: undefined, mayBeSent: () => true }
const items = () => accountingApi(stub.url).getItems('tenant')

it('takes an exchange down below the SDK', async () => {
  expect(await exchange(call, items)).toMatchObject({ kind: 'answered', status: 200, data: { Items: [] } })
})

it.each([
  ['the caller has gone', { ...call, signal: AbortSignal.abort() }],
  ['it is too late', { ...call, mayBeSent: () => false }],
])('sends nothing when %s', async (_, held) => {
  expect(await exchange(held, items)).toEqual({ kind: 'held' })
  expect(stub.arrived).toHaveLength(0)
})

it('keeps calls at the same time apart, each with its own token', async () => {
  const tokens = Array.from({ length: 20 }, (_, i) => `token-${i}`)
  await Promise.all(tokens.map((accessToken) => exchange({ ...call, accessToken }, items)))
  expect(new Set(stub.arrived.map(({ headers }) => headers.authorization))).toEqual(
    new Set(tokens.map((t) => `Bearer ${t}`)),
  )
})

it('aborts the request whose time is up, and none beside it', async () => {
  const arrived = new Promise<ServerResponse>((resolve) => {
    answer = (_, response) => resolve(response)
  })
  const beside = exchange(call, items)
  const sibling = await arrived
  const aborted = new Promise((resolve) => {
    answer = (_, response) => response.once('close', resolve)
  })
  const ended = await exchange({ ...call, timeoutMs: 1_000 }, items)
  expect(ended).toEqual({ kind: 'failed', sent: true, reason: 'ETIMEDOUT' })
  await aborted
  json(sibling, 200, { Items: [] })
  expect(await beside).toMatchObject({ kind: 'answered', status: 200 })
})

it('throws where the SDK builds no request at all', async () => {
  await expect(exchange(call, () => accountingApi(stub.url).getItems(undefined as never))).rejects.toThrow(
    'xeroTenantId',
  )
  expect(stub.arrived).toHaveLength(0)
})

it('leaves other requests of the same axios alone', async () => {
  const direct = await accountingApi(stub.url).getItems('tenant')
  expect(direct.body.items).toEqual([])
})
