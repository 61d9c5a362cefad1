import { afterEach, describe, expect, it } from 'vitest'
import {
  basicAuth,
  connectApp,
  giveConsent,
  productScopes,
  startXero,
  type XeroOptions,
  type XeroSandbox,
} from '../src/xero/index.js'
import { app, attach } from './xero-harness.js'

const open: XeroSandbox[] = []
const start = async (options: Partial<XeroOptions> = {}) => {
  const xero = await startXero({ apps: [app], limits: { enabled: false }, ...options })
  open.push(xero)
  return xero
}
afterEach(async () => {
  for (const xero of open.splice(0)) await xero.close()
})

const authorizeUrl = (xero: XeroSandbox, over: Record<string, string> = {}) => {
  const query = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUris[0] ?? '',
    scope: productScopes,
    state: 'S t/a+te',
    ...over,
  }
  return `${xero.url}/identity/connect/authorize?${new URLSearchParams(query)}`
}

const token = async (
  xero: XeroSandbox,
  form: Record<string, string>,
  headers: Record<string, string> = { authorization: basicAuth(app) },
) => {
  const response = await fetch(`${xero.url}/connect/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  })
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  return { status: response.status, body: (await response.json()) as any }
}

const refresh = (xero: XeroSandbox, refreshToken: string) =>
  token(xero, { grant_type: 'refresh_token', refresh_token: refreshToken })
const codeFor = async (xero: XeroSandbox) =>
  new URL(await giveConsent(authorizeUrl(xero))).searchParams.get('code') ?? ''
const exchange = (xero: XeroSandbox, code: string) =>
  token(xero, { grant_type: 'authorization_code', code, redirect_uri: app.redirectUris[0] ?? '' })

describe('consent', () => {
  it('brings the browser back with a code and its state', async () => {
    const callback = new URL(await giveConsent(authorizeUrl(await start())))
    expect(callback.origin + callback.pathname).toBe(app.redirectUris[0])
    expect(callback.searchParams.get('state')).toBe('S t/a+te')
    expect(callback.searchParams.get('code')).toBeTruthy()
  })

  it('answers access_denied to Cancel', async () => {
    const callback = new URL(await giveConsent(authorizeUrl(await start()), { allow: false }))
    expect(callback.searchParams.get('error')).toBe('access_denied')
    expect(callback.searchParams.get('state')).toBe('S t/a+te')
  })

  it('connects just the organisations that were chosen', async () => {
    const xero = await start()
    const both = xero.control.organisations().map((o) => o.OrganisationID)
    const one = attach(xero, await connectApp(xero.url, app, { tenantIds: both.slice(1) }))
    const authorization = `Bearer ${one.tokens.access_token}`
    const first = await one.request('GET', '/connections', undefined, { authorization })
    expect(first.body.map((c: { tenantId: string }) => c.tenantId)).toEqual(both.slice(1))
    await connectApp(xero.url, app, { tenantIds: both })
    const second = await one.request('GET', '/connections', undefined, { authorization })
    expect(second.body).toHaveLength(2)
    const [a] = second.body
    const byEvent = await one.request('GET', `/connections?authEventId=${a.authEventId}`, undefined, { authorization })
    expect(byEvent.body).toHaveLength(2)
    expect(Object.keys(a).sort()).toEqual([
      'authEventId',
      'createdDateUtc',
      'id',
      'tenantId',
      'tenantName',
      'tenantType',
      'updatedDateUtc',
    ])
  })

  it('serves the same browser again and again, and a stale cookie of another sandbox', async () => {
    const jar = new Map<string, string>()
    for (const xero of [await start(), await start()]) {
      for (const allow of [true, false, true]) {
        const callback = new URL(await giveConsent(authorizeUrl(xero), { allow, cookies: jar }))
        expect(callback.searchParams.get(allow ? 'code' : 'error')).toBeTruthy()
      }
    }
  })

  it('asks again when no organisation is ticked', async () => {
    const xero = await start()
    await expect(giveConsent(authorizeUrl(xero), { tenantIds: [] })).rejects.toThrow('Choose at least one organisation')
  })

  it('shows its app on the page, and on the error page of an unknown app', async () => {
    const xero = await start()
    const welcome = await (await fetch(xero.url)).text()
    expect(welcome).toContain(app.clientId)
    expect(welcome).toContain('se+cr%et/~= with:colon')
    const wrong = await fetch(authorizeUrl(xero, { client_id: 'F'.repeat(32) }), { redirect: 'manual' })
    expect(wrong.status).toBe(400)
    const page = await wrong.text()
    expect(page).toContain('unauthorized_client')
    expect(page).toContain(app.clientId)
  })

  it('never sends the browser to an address that the app has not registered', async () => {
    const xero = await start()
    const response = await fetch(authorizeUrl(xero, { redirect_uri: 'https://evil.example/cb' }), {
      redirect: 'manual',
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain('Invalid redirect_uri')
  })

  it('refuses scopes that an app of 2026 may not have, and unknown ones', async () => {
    const xero = await start()
    for (const scope of ['openid accounting.transactions', 'openid no.such.scope']) {
      const callback = new URL(await giveConsent(authorizeUrl(xero, { scope })))
      expect(callback.searchParams.get('error')).toBe('invalid_scope')
    }
    const older = await start({ apps: [{ ...app, scopes: 'broad' }] })
    expect(
      (await connectApp(older.url, app, { scope: 'openid offline_access accounting.transactions' })).scope,
    ).toContain('accounting.transactions')
  })

  it('takes https and http://localhost as redirect URIs, as Xero does', async () => {
    await expect(startXero({ apps: [{ ...app, redirectUris: ['http://127.0.0.1:3001/cb'] }] })).rejects.toThrow(
      'http://localhost',
    )
  })
})

describe('tokens', () => {
  it('exchanges a code once, for tokens of half an hour with all granted scopes', async () => {
    const xero = await start()
    const code = await codeFor(xero)
    const first = await exchange(xero, code)
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({ expires_in: 1800, token_type: 'Bearer', scope: productScopes })
    expect(first.body.id_token).toBeTruthy()
    const again = await exchange(xero, code)
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('forgets a code after 5 minutes', async () => {
    const xero = await start()
    const code = await codeFor(xero)
    xero.control.moveClock({ advanceMs: 301_000 })
    expect(await exchange(xero, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('gives no refresh token without offline_access', async () => {
    const xero = await start()
    expect(await connectApp(xero.url, app, { scope: 'openid accounting.contacts' })).not.toHaveProperty('refresh_token')
  })

  it('takes the secret in the header or in the body, and no wrong one', async () => {
    const xero = await start()
    const { refresh_token = '' } = await connectApp(xero.url, app)
    const form = { grant_type: 'refresh_token', refresh_token }
    expect((await token(xero, { ...form, client_id: app.clientId, client_secret: app.clientSecret }, {})).status).toBe(
      200,
    )
    const wrong = { authorization: basicAuth({ ...app, clientSecret: 'wrong' }) }
    expect(await token(xero, form, wrong)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('rotates, takes the old token again for 30 minutes without prolonging them, and then no more', async () => {
    const xero = await start()
    const first = (await connectApp(xero.url, app)).refresh_token ?? ''
    const second = await refresh(xero, first)
    expect(second.body.refresh_token).not.toBe(first)
    xero.control.moveClock({ advanceMs: 29 * 60_000 })
    expect((await refresh(xero, first)).status).toBe(200)
    xero.control.moveClock({ advanceMs: 2 * 60_000 })
    expect(await refresh(xero, first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await refresh(xero, second.body.refresh_token)).status).toBe(200)
  })

  it('lets a refresh token die after 60 days of silence', async () => {
    const xero = await start()
    const { refresh_token = '' } = await connectApp(xero.url, app)
    xero.control.moveClock({ advanceMs: 59 * 86_400_000 })
    const renewed = await refresh(xero, refresh_token)
    expect(renewed.status).toBe(200)
    xero.control.moveClock({ advanceMs: 61 * 86_400_000 })
    expect((await refresh(xero, renewed.body.refresh_token)).status).toBe(400)
  })

  it('shortens every lifetime with the time scale', async () => {
    const xero = await start({ timeScale: 60 })
    const tokens = await connectApp(xero.url, app)
    expect(tokens.expires_in).toBe(30)
    const second = await refresh(xero, tokens.refresh_token ?? '')
    xero.control.moveClock({ advanceMs: 31_000 })
    expect((await refresh(xero, tokens.refresh_token ?? '')).status).toBe(400)
    expect((await refresh(xero, second.body.refresh_token)).status).toBe(200)
  })

  it('revokes: the refresh token dies and all connections of that user go', async () => {
    const xero = await start()
    const { call, tokens, request } = attach(xero, await connectApp(xero.url, app))
    expect((await call('GET', '/Organisation')).status).toBe(200)
    const form = new URLSearchParams({ token: tokens.refresh_token ?? '' }).toString()
    const revoked = await request('POST', '/connect/revocation', form, {
      authorization: basicAuth(app),
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect([revoked.status, revoked.text]).toEqual([200, ''])
    expect((await call('GET', '/Organisation')).status).toBe(403)
    expect((await refresh(xero, tokens.refresh_token ?? '')).status).toBe(400)
  })

  it('publishes discovery and keys that check its own tokens', async () => {
    const xero = await start()
    const discovery = (await (await fetch(`${xero.url}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >
    expect(discovery).toMatchObject({
      issuer: xero.url,
      authorization_endpoint: `${xero.url}/identity/connect/authorize`,
      token_endpoint: `${xero.url}/connect/token`,
      revocation_endpoint: `${xero.url}/connect/revocation`,
      code_challenge_methods_supported: ['S256'],
    })
    const keys = (await (await fetch(String(discovery.jwks_uri))).json()) as { keys: unknown[] }
    expect(keys.keys).toHaveLength(1)
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })
})

describe('access', () => {
  it('answers 401 to no token, a forged one and an expired one, in Xero’s words', async () => {
    const xero = await start()
    const { call, tokens } = attach(xero, await connectApp(xero.url, app))
    expect((await call('GET', '/Contacts', undefined, { authorization: '' })).status).toBe(401)
    const [head = '', payload = '', signature = ''] = tokens.access_token.split('.')
    const forged = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), exp: 4_000_000_000 }
    const tampered = `${head}.${Buffer.from(JSON.stringify(forged)).toString('base64url')}.${signature}`
    expect((await call('GET', '/Contacts', undefined, { authorization: `Bearer ${tampered}` })).status).toBe(401)
    expect((await call('GET', '/Contacts')).status).toBe(200)
    xero.control.moveClock({ advanceMs: 1_801_000 })
    const expired = await call('GET', '/Contacts')
    expect(expired.status).toBe(401)
    expect(expired.body).toMatchObject({ Type: null, Title: 'Unauthorized', Status: 401, Extensions: {} })
    expect(expired.body.Detail).toMatch(/^TokenExpired: token expired at \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/)
  })

  it('answers 403 for an organisation that is not connected, though the token still refreshes', async () => {
    const xero = await start()
    const { call, tokens, tenantId } = attach(xero, await connectApp(xero.url, app))
    expect((await call('GET', '/Organisation')).status).toBe(200)
    xero.control.disconnect(tenantId)
    const refused = await call('GET', '/Organisation')
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({ Title: 'Forbidden', Status: 403, Detail: 'AuthenticationUnsuccessful' })
    expect((await refresh(xero, tokens.refresh_token ?? '')).status).toBe(200)
    expect((await call('GET', '/Organisation', undefined, { 'xero-tenant-id': '' })).status).toBe(403)
  })

  it('removes a connection with 204, and 404 when it is gone', async () => {
    const xero = await start()
    const { call, tokens, request } = attach(xero, await connectApp(xero.url, app))
    const authorization = `Bearer ${tokens.access_token}`
    const [{ id }] = (await request('GET', '/connections', undefined, { authorization })).body
    expect((await request('DELETE', `/connections/${id}`, undefined, { authorization })).status).toBe(204)
    expect((await request('DELETE', `/connections/${id}`, undefined, { authorization })).status).toBe(404)
    expect((await call('GET', '/Organisation')).status).toBe(403)
  })

  it('names the missing scope as insufficient', async () => {
    const xero = await start()
    const { call } = attach(
      xero,
      await connectApp(xero.url, app, { scope: 'openid offline_access accounting.contacts.read' }),
    )
    expect((await call('GET', '/Contacts')).status).toBe(200)
    for (const [method, path] of [
      ['POST', '/Contacts'],
      ['GET', '/Invoices'],
      ['GET', '/Organisation'],
    ] as const) {
      const refused = await call(method, path, method === 'POST' ? { Contacts: [] } : undefined)
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope')
    }
  })
})

describe('faults of the token endpoint', () => {
  it('invalid-grant refuses once', async () => {
    const xero = await start()
    const { refresh_token = '' } = await connectApp(xero.url, app)
    xero.control.addFault({ kind: 'invalid-grant' })
    expect(await refresh(xero, refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await refresh(xero, refresh_token)).status).toBe(200)
  })

  it('token-reset-after-commit rotates and loses the answer; the old token still works inside the grace', async () => {
    const xero = await start()
    const { refresh_token = '' } = await connectApp(xero.url, app)
    xero.control.addFault({ kind: 'token-reset-after-commit' })
    await expect(refresh(xero, refresh_token)).rejects.toThrow('fetch failed')
    expect((await refresh(xero, refresh_token)).status).toBe(200)
    xero.control.moveClock({ advanceMs: 31 * 60_000 })
    expect((await refresh(xero, refresh_token)).status).toBe(400)
    expect(xero.control.grants().map((g) => [g.grantType, g.error])).toEqual([
      ['authorization_code', null],
      ['refresh_token', null],
      ['refresh_token', null],
      ['refresh_token', 'invalid_grant'],
    ])
  })
})
