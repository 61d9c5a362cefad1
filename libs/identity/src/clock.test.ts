import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Secret } from '@afo/kit'
import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIdentity } from './identity.js'

// The sandbox's tokens carry this machine's own time, so a clock that differs takes a server of its own.
let server: Server
let url: string
let aheadSeconds = 0
beforeAll(async () => {
  const { privateKey } = await generateKeyPair('RS256')
  server = createServer(async (req, res) => {
    const now = Math.floor(Date.now() / 1000) + aheadSeconds
    const token = () =>
      new SignJWT({ sub: 'ada', nbf: now })
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(url)
        .setAudience('app')
        .setIssuedAt(now)
        .setExpirationTime(now + 300)
        .sign(privateKey)
    const answer = req.url?.endsWith('/token')
      ? { access_token: 'a', refresh_token: 'next', token_type: 'Bearer', expires_in: 1_800, id_token: await token() }
      : { issuer: url }
    res.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

test.each([0, 45, 3_600, -400, -3_600])(
  'Xero is %i s ahead of this machine: the new refresh token is not thrown away',
  async (seconds) => {
    aheadSeconds = seconds
    const identity = createIdentity({
      loginUrl: url,
      identityUrl: url,
      scopes: ['openid'],
      pkce: 'never',
      deadlineMs: 5_000,
    })
    const outcome = await identity.refresh({ clientId: 'app', clientSecret: new Secret('s') }, new Secret('before'))
    expect(outcome).toMatchObject({ kind: 'granted' })
    expect(outcome.kind === 'granted' && outcome.tokens.refreshToken.reveal()).toBe('next')
  },
)
