import { createHash } from 'node:crypto'
import { Secret, timeScale } from '@afo/kit'
import { type Answer, type HttpStub, httpStub, json, quiet } from '@afo/testing'
import type { TokenSource } from '@afo/xero'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTokenClient } from '../src/tokens.js'

const token = (n: number, lifeMs = 1_800_000) => ({
  accessToken: `token-${n}`,
  tenantId: 't',
  tenantName: 'Demo',
  expiresAt: new Date(Date.now() + lifeMs).toISOString(),
})

let auth: HttpStub
let answer: Answer
let tokens: TokenSource
let given: number

beforeEach(async () => {
  given = 0
  answer = (_, response) => json(response, 200, token(++given))
  auth = await httpStub((call, response) => answer(call, response))
  tokens = createTokenClient({
    url: `${auth.url}/`,
    serviceToken: new Secret('canary-4711'),
    scale: timeScale(1, false),
    log: quiet,
  })
})
afterEach(() => auth.close())

it('shows the service token, asks once for all who wait, and keeps the answer', async () => {
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.get()))
  expect(new Set(all.map((t) => t.accessToken))).toEqual(new Set(['token-1']))
  await tokens.get()
  expect(auth.arrived).toHaveLength(1)
  expect(auth.arrived[0]).toMatchObject({
    method: 'GET',
    url: '/token',
    headers: { authorization: 'Bearer canary-4711' },
  })
})

it('asks again within a minute of expiry', async () => {
  answer = (_, response) => json(response, 200, token(++given, 59_000))
  await tokens.get()
  await tokens.get()
  expect(given).toBe(2)
})

it('names the token that Xero rejected, once, by its fingerprint', async () => {
  const { accessToken } = await tokens.get()
  tokens.reject(accessToken)
  tokens.reject(accessToken)
  await tokens.get()
  expect(auth.arrived[1]?.url).toBe(`/token?stale=${createHash('sha256').update('token-1').digest('hex')}`)
  tokens.reject('some older one')
  await tokens.get()
  expect(auth.arrived).toHaveLength(2)
})

it('no longer names it once it has another', async () => {
  answer = (_, response) => json(response, 200, token(++given, 59_000))
  tokens.reject((await tokens.get()).accessToken)
  await tokens.get()
  await tokens.get()
  expect(auth.arrived.map(({ url }) => url.includes('stale'))).toEqual([false, true, false])
})

it('goes on naming it until there is an answer', async () => {
  tokens.reject((await tokens.get()).accessToken)
  answer = (_, response) => json(response, 503, {})
  await expect(tokens.get()).rejects.toMatchObject({ kind: 'unavailable' })
  await expect(tokens.get()).rejects.toMatchObject({ kind: 'unavailable' })
  expect(auth.arrived[2]?.url).toContain('?stale=')
})

it('says disconnected when xero-auth says so, and asks again next time', async () => {
  answer = (_, response) =>
    json(response, 409, { code: 'not-connected', status: 409, detail: 'Nobody connected Xero yet' })
  await expect(tokens.get()).rejects.toMatchObject({ kind: 'disconnected', message: 'Nobody connected Xero yet' })
  answer = (_, response) => json(response, 200, token(9))
  expect((await tokens.get()).accessToken).toBe('token-9')
})

it.each([
  ['a 500', (_, response) => json(response, 500, {})],
  ['a wrong service token', (_, response) => json(response, 401, { code: 'unauthorized' })],
  ['another conflict', (_, response) => json(response, 409, { code: 'busy' })],
  ['half a token', (_, response) => json(response, 200, { accessToken: 'x' })],
  ['garbage', (_, response) => response.end('<html>')],
  ['a cut connection', (_, response) => response.destroy()],
] satisfies [string, Answer][])('is unavailable after %s', async (_, told) => {
  answer = told
  await expect(tokens.get()).rejects.toMatchObject({ kind: 'unavailable', code: 'token-service' })
})

it('is unavailable when nobody listens, and never says the secret', async () => {
  await auth.close()
  const thrown: unknown = await tokens.get().catch((error: unknown) => error)
  expect(thrown).toMatchObject({ kind: 'unavailable' })
  expect(JSON.stringify(thrown)).not.toContain('canary')
})

it('reports a disconnection, forgets the token, and survives a deaf xero-auth', async () => {
  await tokens.get()
  await tokens.reportDisconnected('token-1', 't', 'not-connected-at-xero')
  expect(auth.arrived[1]).toMatchObject({ method: 'POST', url: '/disconnected' })
  expect(JSON.parse(auth.arrived[1]?.body ?? '')).toEqual({
    tenantId: 't',
    reason: 'not-connected-at-xero',
    token: createHash('sha256').update('token-1').digest('hex'),
  })
  await tokens.get()
  expect(given).toBe(3)
  await auth.close()
  await tokens.reportDisconnected('token-3', 't', 'again')
})
