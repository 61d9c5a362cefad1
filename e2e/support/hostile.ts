import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { type Hostile, type Prepared, type Raw, raw } from './attack.js'
import type { Door } from './door.js'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const json = { 'content-type': 'application/json' }
const valid = { clientId: 'a'.repeat(32), clientSecret: 's' }
const pathOf = (url: string) => new URL(url).pathname + new URL(url).search
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>

/** A token of the admin's claims, changed, signed with the key; the signature is left as it was where there is none. */
function forged(token: string, header: object, claims: object, key?: string | Buffer): string {
  const head = `${encode(header)}.${encode({ ...claimsOf(token), ...claims })}`
  const signature =
    key === undefined ? (token.split('.')[2] ?? '') : createHmac('sha256', key).update(head).digest('base64url')
  return `${head}.${signature}`
}

const status = '/admin/settings/xero/status'
const hs256 = { alg: 'HS256', typ: 'JWT' }
const withToken = (name: string, make: (door: Door) => string, expected = 401): Hostile => ({
  name: `token: ${name}`,
  status: expected,
  send: (door) => raw(door, { path: status, headers: bearer(make(door)) }),
})
const get = (name: string, path: string, expected: number, headers: Record<string, string> = {}): Hostile => ({
  name,
  status: expected,
  send: (door) => raw(door, { path, headers }),
})
const admin = (name: string, expected: number, change: (door: Door) => Partial<Raw>): Hostile => ({
  name,
  status: expected,
  send: (door) => {
    const { headers = {}, ...rest } = change(door)
    return raw(door, {
      method: 'POST',
      path: '/admin/settings/xero',
      ...rest,
      headers: { ...bearer(door.tokens.admin), ...json, ...headers },
    })
  },
})
const saved = (name: string, body: unknown) =>
  admin(`credentials: ${name}`, 400, () => ({ body: JSON.stringify(body) }))
const accountant = (method: string, path: string): Hostile => ({
  name: `accountant: ${method} ${path}`,
  status: 403,
  send: (door) => raw(door, { method, path, headers: bearer(door.tokens.accountant) }),
})
const internal = (name: string, make: (door: Door) => Record<string, string>, path = '/token'): Hostile => ({
  name: `xero-auth: ${name}`,
  status: 401,
  send: (door) => raw(door, { path, headers: make(door), url: door.xeroAuthUrl }),
})
const callback = (name: string, make: (prepared: Prepared) => { path: string; cookie?: string }): Hostile => ({
  name: `callback: ${name}`,
  status: 400,
  send: (door, prepared) => {
    const { path, cookie } = make(prepared)
    return raw(door, { path, headers: cookie === undefined ? {} : { cookie } })
  },
  also: ({ headers }) => headers.location === undefined && headers['set-cookie'] === undefined,
})
const someState = randomBytes(32).toString('base64url')
const someCookie = `afo_xero=${randomBytes(32).toString('base64url')}`

export const hostile: readonly Hostile[] = [
  callback('nothing at all', () => ({ path: '/xero/callback' })),
  callback('a code without a state', ({ freshCookie }) => ({
    path: '/xero/callback?code=stolen',
    cookie: freshCookie,
  })),
  callback('a state that nobody gave out', ({ freshCookie }) => ({
    path: `/xero/callback?code=stolen&state=${someState}`,
    cookie: freshCookie,
  })),
  callback('the good one, without the cookie', ({ freshCallback }) => ({ path: pathOf(freshCallback) })),
  callback('the good one, used up', ({ usedCallback, usedCookie }) => ({
    path: pathOf(usedCallback),
    cookie: usedCookie,
  })),
  callback('the good one, used up, by its other path', ({ usedCallback, usedCookie }) => ({
    path: pathOf(usedCallback).replace('/api/', '/'),
    cookie: usedCookie,
  })),
  callback('an error for a state that nobody gave out', () => ({
    path: `/xero/callback?error=access_denied&state=${someState}`,
    cookie: someCookie,
  })),
  callback('two states', ({ freshCookie }) => ({ path: `/xero/callback?code=a&state=b&state=c`, cookie: freshCookie })),
  callback('a state of 5,000 characters', ({ freshCookie }) => ({
    path: `/xero/callback?code=a&state=${'s'.repeat(5_000)}`,
    cookie: freshCookie,
  })),
  callback('a header smuggled into the state', ({ freshCookie }) => ({
    path: '/xero/callback?code=a&state=x%0d%0aSet-Cookie:%20evil=1',
    cookie: freshCookie,
  })),
  callback('a target of its own', ({ freshCookie }) => ({
    path: '/xero/callback?code=a&state=b&redirect_uri=https://evil.example&returnTo=//evil.example',
    cookie: freshCookie,
  })),
  callback('a cookie that is no mark of ours', () => ({
    path: `/xero/callback?code=a&state=${someState}`,
    cookie: 'afo_xero=../../etc',
  })),
  callback('another browser takes the good one, which is spent by it', ({ freshCallback }) => ({
    path: pathOf(freshCallback),
    cookie: someCookie,
  })),
  callback('the right browser, after another one tried', ({ freshCallback, freshCookie }) => ({
    path: pathOf(freshCallback),
    cookie: freshCookie,
  })),
  {
    name: 'callback: by POST',
    status: 404,
    send: (door) => raw(door, { method: 'POST', path: '/xero/callback?code=a&state=b' }),
  },
  {
    name: 'callback: 20 kB of headers',
    status: 431,
    send: (door) => raw(door, { path: '/xero/callback', headers: { cookie: `a=${'b'.repeat(20_000)}` } }),
  },

  get('ticket: none', '/xero/auth', 400),
  get('ticket: unknown', `/xero/auth?ticket=${someState}`, 400, { host: 'localhost' }),
  get('ticket: of the wrong form', '/xero/auth?ticket=../../admin', 400),
  get('ticket: two', `/xero/auth?ticket=${someState}&ticket=${someState}`, 400),
  get('ticket: with a target of its own', `/xero/auth?ticket=${someState}&returnTo=//evil.example`, 400),
  {
    name: 'ticket: used up',
    status: 400,
    send: (door, { usedTicket }) =>
      raw(door, { path: `/xero/auth?ticket=${usedTicket}`, headers: { host: 'localhost' } }),
    also: ({ headers }) => headers['set-cookie'] === undefined,
  },
  {
    name: 'ticket: asked for without a session',
    status: 401,
    send: (door) => raw(door, { method: 'POST', path: '/admin/xero/connect-ticket' }),
  },

  get('token: none', status, 401),
  get('token: in the query', `${status}?access_token=x`, 401),
  get('token: in a cookie', status, 401, { cookie: 'sb-access-token=x' }),
  get('token: another scheme', status, 401, { authorization: 'Basic YWRtaW46YWRtaW4=' }),
  withToken('not a token', () => 'not-a-token'),
  withToken('alg none, no signature', ({ tokens }) => `${encode({ alg: 'none' })}.${tokens.admin.split('.')[1]}.`),
  withToken('alg None, signature kept', ({ tokens }) => forged(tokens.admin, { alg: 'None' }, {})),
  withToken('signed with the publishable key', ({ tokens, db }) => forged(tokens.admin, hs256, {}, db.publishableKey)),
  withToken('signed with a key of its own', ({ tokens }) => forged(tokens.admin, hs256, {}, randomBytes(32))),
  withToken('signed with an empty key', ({ tokens }) => forged(tokens.admin, hs256, {}, '')),
  withToken('a key id that is a path', ({ tokens }) =>
    forged(tokens.admin, { ...hs256, kid: '../../../dev/null' }, {}, ''),
  ),
  withToken('another audience', ({ tokens }) => forged(tokens.admin, hs256, { aud: 'somebody-else' }, randomBytes(32))),
  withToken('another issuer', ({ tokens }) =>
    forged(tokens.admin, hs256, { iss: 'https://evil.example' }, randomBytes(32)),
  ),
  withToken('expired', ({ tokens }) => forged(tokens.admin, hs256, { exp: 1 }, randomBytes(32))),
  withToken('no longer expiring', ({ tokens }) => forged(tokens.admin, hs256, { exp: 9_999_999_999 })),
  withToken('nobody calling himself admin in the claims', ({ tokens }) =>
    forged(tokens.nobody, hs256, { role: 'admin', app_metadata: { role: 'admin' } }),
  ),
  withToken('the admin’s name on nobody’s signature', ({ tokens }) =>
    forged(tokens.nobody, hs256, { sub: claimsOf(tokens.admin).sub }),
  ),
  withToken('cut short', ({ tokens }) => tokens.admin.slice(0, -4)),
  withToken('the service token', ({ serviceToken }) => serviceToken),
  withToken('the publishable key', ({ db }) => db.publishableKey),
  withToken('somebody without a role', ({ tokens }) => tokens.nobody, 403),
  accountant('POST', '/admin/xero/connect-ticket'),
  accountant('POST', '/admin/settings/xero'),
  accountant('DELETE', '/admin/settings/xero'),
  accountant('POST', '/xero/disconnect'),
  accountant('POST', '/api/xero/disconnect'),
  accountant('POST', `/admin/xero/organisations/${randomUUID()}/select`),

  get('path: dots', `/health/..${status}`, 404),
  get('path: encoded dots', `/health/%2e%2e${status}`, 404),
  get('path: doubled slash', `/${status}`, 404),
  get('path: encoded letter', status.replace('admin', '%61dmin'), 404),
  get('path: a null byte', `${status}%00`, 404),
  get('path: broken encoding', `${status}%`, 404),
  get('path: capitals are the same door', status.toUpperCase(), 401),
  get('path: another host', '//evil.example/%2e%2e', 404),
  get('path: the tokens are not proxied', '/token', 404),
  get('path: nor under /api', '/api/token', 404),
  get('path: nor the connection', '/connection', 404),
  get('path: nor the webhook check', '/webhook-signature', 404),

  internal('no credential', () => ({})),
  internal('an admin’s session', ({ tokens }) => bearer(tokens.admin)),
  internal('a part of the credential', ({ serviceToken }) => bearer(serviceToken.slice(0, -1))),
  internal('more than the credential', ({ serviceToken }) => bearer(`${serviceToken}x`)),
  internal('an empty credential', () => bearer('')),
  internal('an unknown path', () => ({}), '/elsewhere'),

  saved('nothing', {}),
  saved('a list', [valid]),
  saved('a field too many', { ...valid, admin: true }),
  saved('33 digits', { ...valid, clientId: 'a'.repeat(33) }),
  saved('a line break in the id', { ...valid, clientId: `${'a'.repeat(31)}\n` }),
  saved('a secret that is a number', { ...valid, clientSecret: 1 }),
  saved('an empty secret', { ...valid, clientSecret: '' }),
  saved('a script for a redirect URI', { ...valid, redirectUri: 'javascript:alert(1)' }),
  saved('a redirect URI with a fragment', { ...valid, redirectUri: 'https://a.example/#x' }),
  admin('credentials: a prototype', 400, () => ({
    body: `{"__proto__":{"admin":true},"clientId":"${valid.clientId}","clientSecret":"s"}`,
  })),
  admin('credentials: not JSON', 400, () => ({ body: '{"clientId":' })),
  admin('credentials: 2 MB', 413, () => ({ body: JSON.stringify({ ...valid, clientSecret: 's'.repeat(2_000_000) }) })),
  admin('credentials: a form', 415, () => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'clientId=a',
  })),
  admin('credentials: plain text, as a foreign page can send it', 415, () => ({
    headers: { 'content-type': 'text/plain', origin: 'https://evil.example' },
    body: JSON.stringify(valid),
  })),
  admin('credentials: compressed', 415, () => ({
    headers: { 'content-encoding': 'gzip' },
    body: Buffer.from([0x1f, 0x8b, 8]),
  })),
  admin('credentials: an endless idempotency key', 400, () => ({
    headers: { 'idempotency-key': 'k'.repeat(300) },
    body: JSON.stringify(valid),
  })),
  admin('credentials: a flag in the query that is none', 400, () => ({
    path: '/admin/settings/xero?force=yes',
    body: JSON.stringify(valid),
  })),
  admin('organisation: one that is not ours', 404, () => ({
    path: `/admin/xero/organisations/${randomUUID()}/select`,
    body: '{}',
  })),
  admin('organisation: a path for an id', 404, () => ({
    path: '/admin/xero/organisations/..%2F..%2Fsettings/select',
    body: '{}',
  })),
  {
    name: 'origin: a foreign page asks beforehand',
    status: 204,
    send: (door) =>
      raw(door, {
        method: 'OPTIONS',
        path: '/admin/settings/xero',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      }),
    also: ({ headers }) => headers['access-control-allow-origin'] === undefined,
  },
  {
    name: 'origin: null asks beforehand',
    status: 204,
    send: (door) =>
      raw(door, {
        method: 'OPTIONS',
        path: '/xero/disconnect',
        headers: { origin: 'null', 'access-control-request-method': 'POST' },
      }),
    also: ({ headers }) => headers['access-control-allow-origin'] === undefined,
  },
]
