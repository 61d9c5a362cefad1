import { createHmac, randomUUID } from 'node:crypto'
import { problem } from '@afo/contracts'
import { signIn } from '@afo/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig?.close())

const state = async () =>
  (
    await rig.db.sql(`select (select count(*)::int from commands) as commands, (select count(*)::int from audit_log) as audited,
      (select count(*)::int from app_settings) as settings, (select count(*)::int from xero_failures where resolution = 'dismissed') as dismissed`)
  )[0]

const tampered = (token: string, change: object, header: object = {}) => {
  const [head = '', body = '', signature = ''] = token.split('.')
  const edit = (part: string, more: object) =>
    Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(part, 'base64url').toString()), ...more })).toString(
      'base64url',
    )
  return `${edit(head, header)}.${edit(body, change)}.${signature}`
}

interface Bad {
  readonly what: string
  readonly status: number
  readonly method?: string
  readonly path?: string
  readonly body?: unknown
  readonly raw?: string
  readonly token?: () => string | null
  readonly headers?: Record<string, string>
  readonly field?: string
  readonly code?: string
}

const json = { 'content-type': 'application/json' }
const unknownId = '00000000-0000-4000-8000-000000000000'

const table: readonly Bad[] = [
  { what: 'an unknown field', status: 400, body: { full: true, fullest: true }, field: 'fullest' },
  { what: 'a wrong type', status: 400, body: { full: 'yes' }, field: 'full' },
  { what: 'a missing field', status: 400, path: '/admin/invoices', body: {}, field: 'costCenterId' },
  { what: 'no body where a field is needed', status: 400, path: '/admin/invoices', field: 'costCenterId' },
  {
    what: 'an id that is none',
    status: 400,
    path: '/admin/invoices',
    body: { costCenterId: 'x' },
    field: 'costCenterId',
  },
  {
    what: 'a date that is none',
    status: 400,
    path: '/admin/invoices',
    body: { costCenterId: unknownId, from: '2026-02-30' },
    field: 'from',
  },
  {
    what: 'a body where none is taken',
    status: 400,
    path: `/admin/commands/${unknownId}/cancel`,
    body: { why: 'x' },
    field: 'why',
  },
  { what: 'a list for a body', status: 400, body: [] },
  { what: 'a number for a body', status: 400, raw: '1', headers: json },
  { what: 'invalid JSON', status: 400, raw: '{"full":', headers: json },
  { what: 'an unknown query field', status: 400, method: 'GET', path: '/admin/xero/log?limits=2', field: 'limits' },
  {
    what: 'a limit that is too high',
    status: 400,
    method: 'GET',
    path: '/admin/xero/log?limit=100000',
    field: 'limit',
  },
  { what: 'a limit that is no number', status: 400, method: 'GET', path: '/admin/xero/log?limit=two', field: 'limit' },
  { what: 'a cursor of nowhere', status: 400, method: 'GET', path: '/admin/clients?cursor=zz', code: 'invalid-cursor' },
  { what: 'an unknown sort', status: 400, method: 'GET', path: '/admin/clients?sort=shoe', field: 'sort' },
  { what: 'no token', status: 401, token: () => null, code: 'unauthorized' },
  { what: 'a token that is none', status: 401, token: () => 'abc' },
  { what: 'an expired token', status: 401, token: () => expired() },
  { what: 'a token for another audience', status: 401, token: () => signed({ aud: 'elsewhere' }) },
  { what: 'a token of another issuer', status: 401, token: () => signed({ iss: 'https://elsewhere.example' }) },
  {
    what: 'an unsigned token',
    status: 401,
    token: () => `${tampered(rig.tokens.admin, {}, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
  },
  {
    what: 'a token made more of',
    status: 401,
    token: () => tampered(rig.tokens.nobody, { app_metadata: { role: 'admin' } }),
  },
  { what: "somebody's token who is no admin", status: 403, token: () => rig.tokens.nobody, code: 'forbidden' },
  { what: "an accountant's token, to command", status: 403, token: () => rig.tokens.accountant },
  {
    what: 'an unknown cost centre',
    status: 404,
    path: '/admin/invoices',
    body: { costCenterId: unknownId },
    field: 'costCenterId',
  },
  { what: 'an unknown command', status: 404, method: 'GET', path: `/admin/commands/${unknownId}` },
  { what: 'an unknown command, to cancel', status: 404, path: `/admin/commands/${unknownId}/cancel` },
  { what: 'an unknown invoice', status: 404, method: 'GET', path: `/admin/invoices/${unknownId}` },
  { what: 'an unknown path', status: 404, method: 'GET', path: '/admin/shoes' },
  { what: 'a body of 2 MB', status: 413, body: { full: true, more: 'x'.repeat(2 * 1024 * 1024) } },
  {
    what: 'a foreign content type',
    status: 415,
    raw: 'full=true',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  { what: 'no content type', status: 415, raw: '{}', headers: { 'content-type': '' } },
  { what: 'a compressed body', status: 415, raw: '{}', headers: { ...json, 'content-encoding': 'gzip' } },
  {
    what: 'an Idempotency-Key that is too long',
    status: 400,
    body: {},
    headers: { 'idempotency-key': 'k'.repeat(256) },
    field: 'Idempotency-Key',
  },
  {
    what: 'a setting that is none',
    status: 400,
    method: 'PUT',
    path: '/admin/settings/sync',
    body: { contacts: false },
    field: 'contacts',
  },
  {
    what: 'a wrong setting',
    status: 400,
    method: 'PUT',
    path: '/admin/settings/invoicing',
    body: { dueDays: -1 },
    field: 'dueDays',
  },
  {
    what: 'nothing to dismiss',
    status: 400,
    path: '/admin/failures/dismiss',
    body: { ids: [], reason: 'x' },
    field: 'ids',
  },
]

// The local Supabase signs with a secret that the test database doesn't tell; these tokens are refused before the signature counts.
const signed = (claims: object) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + 600
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: randomUUID(), aud: 'authenticated', exp, ...claims })}`
  return `${head}.${createHmac('sha256', 'secret').update(head).digest('base64url')}`
}
const expired = () => tampered(rig.tokens.admin, { exp: Math.floor(Date.now() / 1000) - 5 })

describe('bad input', () => {
  it.each(table)(
    '$what: $status',
    async ({ status, method = 'POST', path = '/admin/xero/sync-clients', body, raw, token, headers, field, code }) => {
      const before = await state()
      const answer = await ask(rig, method, path, { body, raw, headers, ...(token ? { token: token() } : {}) })
      expect(answer.status, JSON.stringify(answer.body)).toBe(status)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      const told = problem.parse(answer.body)
      expect(told.status).toBe(status)
      expect(told.requestId).toBe(answer.headers.get('x-request-id'))
      if (field) expect(told.errors?.map((error) => error.field)).toContain(field)
      if (code) expect(told.code).toBe(code)
      const { audited: _a, ...after } = (await state()) ?? {}
      const { audited: _b, ...earlier } = before ?? {}
      expect(after).toEqual(earlier)
    },
  )

  it('lets an accountant read', async () => {
    const { accountant } = rig.tokens
    expect((await ask(rig, 'GET', '/admin/xero/status', { token: accountant })).status).toBe(200)
    expect((await ask(rig, 'PUT', '/admin/settings/sync', { token: accountant, body: {} })).status).toBe(403)
  })
})

describe('the door', () => {
  it('names requests: a sane id is kept, another replaced', async () => {
    const kept = await ask(rig, 'GET', '/openapi.json', { token: null, headers: { 'x-request-id': 'console-42-abc' } })
    expect(kept.headers.get('x-request-id')).toBe('console-42-abc')
    const replaced = await ask(rig, 'GET', '/openapi.json', { token: null, headers: { 'x-request-id': '<script>' } })
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('lets listed origins in, and no other', async () => {
    const preflight = (origin: string) =>
      ask(rig, 'OPTIONS', '/api/admin/invoices', {
        token: null,
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,idempotency-key',
        },
      })
    const listed = await preflight('http://localhost:5173')
    expect(listed.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
    expect(listed.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
    expect(listed.headers.get('access-control-allow-credentials')).toBeNull()
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('sends the headers that keep a browser safe', async () => {
    const { headers } = await ask(rig, 'GET', '/openapi.json', { token: null })
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`connect-src 'self' ${new URL(rig.db.supabaseUrl).origin}`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-powered-by')).toBeNull()
    expect((await ask(rig, 'GET', '/admin/me')).headers.get('cache-control')).toBe('no-store')
  })

  it('writes down who asked for what, from where, and never a secret', async () => {
    const asked = await ask(rig, 'POST', '/admin/xero/sync-payments', { headers: { 'x-request-id': 'audit-test-1' } })
    expect(asked.status).toBe(202)
    const { body } = await ask(rig, 'GET', '/admin/audit?action=xero.sync-payments')
    expect(body.items[0]).toMatchObject({
      actor: 'ada@example.com',
      action: 'xero.sync-payments',
      requestId: 'audit-test-1',
      address: expect.stringContaining('127.0.0.1'),
    })
  })

  it('ends a session at once on sign-out', async () => {
    const token = await signIn(rig.db, 'ada@example.com')
    expect((await ask(rig, 'GET', '/admin/me', { token })).status).toBe(200)
    expect((await ask(rig, 'POST', '/admin/sign-out', { token })).status).toBe(204)
    expect((await ask(rig, 'GET', '/admin/me', { token })).status).toBe(401)
    expect((await ask(rig, 'GET', '/admin/me')).status).toBe(200)
  })
})

describe('rate limits', () => {
  it('are shared through Redis, kinder to people than to sign-in, and say when to come back', async () => {
    const strict = await startRig({ environment: { RATE_PER_ADDRESS_AUTH: '3', RATE_PER_USER: '5' } })
    try {
      const statuses = []
      for (let i = 0; i < 4; i++) statuses.push((await ask(strict, 'GET', '/admin/me')).status)
      expect(statuses).toEqual([200, 200, 200, 429])
      const more = []
      for (let i = 0; i < 3; i++) more.push(await ask(strict, 'GET', '/admin/xero/status'))
      expect(more.map(({ status }) => status)).toEqual([200, 200, 429])
      expect(Number(more[2]?.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(more[2]?.body.code).toBe('rate-limited')
      expect((await ask(strict, 'GET', '/admin/xero/status', { token: strict.tokens.accountant })).status).toBe(200)
    } finally {
      await strict.close()
    }
  })
})
