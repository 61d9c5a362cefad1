import { createHash, randomUUID } from 'node:crypto'
import { defaultOrganisations } from '@afo/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { app, type Replica, type Rig, redirectUri, startRig } from './rig.js'

const [first] = defaultOrganisations

describe('connecting', () => {
  let rig: Rig
  let replica: Replica
  beforeAll(async () => {
    rig = await startRig()
    replica = await rig.start()
  })
  afterAll(() => rig?.close())

  test('before anything is saved: no token, no consent', async () => {
    expect(await rig.ask(replica, 'GET', '/token')).toMatchObject({ status: 409, body: { code: 'not-connected' } })
    const asked = await rig.ask(replica, 'POST', '/authorize', { admin: 'ada', browser: randomUUID(), redirectUri })
    expect(asked).toMatchObject({ status: 409, body: { code: 'credentials-missing' } })
    expect((await rig.ask(replica, 'GET', '/connection')).body).toMatchObject({ connected: false, source: 'none' })
  })

  test('only services get in', async () => {
    for (const token of [null, '', 'wrong', `${rig.serviceToken}x`])
      expect((await rig.ask(replica, 'GET', '/token', undefined, token)).status).toBe(401)
  })

  test('credentials, consent, callback, token; every secret sealed at rest', async () => {
    const connected = await rig.connect(replica)
    expect(connected).toEqual({
      status: 200,
      body: { outcome: 'connected', tenantId: first?.tenantId, tenantName: first?.name, admin: 'ada' },
    })
    const { status, body } = await rig.ask(replica, 'GET', '/token')
    expect(status).toBe(200)
    expect(body).toMatchObject({ tenantId: first?.tenantId, tenantName: first?.name })
    const used = await fetch(`${rig.xero.url}/connections`, {
      headers: { authorization: `Bearer ${body.accessToken}` },
    })
    expect(used.status).toBe(200)

    const rows =
      JSON.stringify(await rig.db.sql('select * from xero_tokens')) +
      JSON.stringify(await rig.db.sql('select * from app_settings'))
    for (const secret of [body.accessToken, app.clientSecret, app.clientId]) expect(rows).not.toContain(secret)
    const state = (await rig.ask(replica, 'GET', '/connection')).body
    expect(state).toMatchObject({
      connected: true,
      source: 'database',
      clientIdLast4: app.clientId.slice(-4),
      missingScopes: [],
      tokenHealth: { daysLeft: 60, connectedBy: 'ada' },
    })
    expect(JSON.stringify(state)).not.toContain(app.clientSecret)
  })

  test('the first connection sets where billing starts, once', async () => {
    const [row] = await rig.db.sql<{ value: string }>(`select value from app_settings where key = 'invoicing'`)
    expect(JSON.parse(row?.value ?? '{}').billFrom).toMatch(/^\d{4}-\d\d-\d\d$/)
    await rig.db.sql(`update app_settings set value = '{"billFrom":null}' where key = 'invoicing'`)
    expect((await rig.connect(replica)).body.outcome).toBe('connected')
    const [after] = await rig.db.sql<{ value: string }>(`select value from app_settings where key = 'invoicing'`)
    expect(after?.value).toBe('{"billFrom":null}')
  })

  test('a used, unknown or missing state and another browser change nothing', async () => {
    const before = await rig.db.sql('select id, token_version from xero_tokens')
    const browser = randomUUID()
    const params = await rig.consent(replica, browser)
    const callback = (change: Record<string, string>, by: string | null = browser) =>
      rig.ask(replica, 'POST', '/callback', { params: { ...params, ...change }, browser: by })
    expect((await callback({ state: 'unknown' })).status).toBe(400)
    expect((await callback({}, null)).status).toBe(400)
    expect((await rig.ask(replica, 'POST', '/callback', { params: { code: 'x' }, browser })).status).toBe(400)
    expect((await callback({}, randomUUID())).body.code).toBe('consent-unknown')
    expect((await callback({})).body.code).toBe('consent-unknown')
    expect(await rig.db.sql('select id, token_version from xero_tokens')).toEqual(before)
  })

  test('a callback loaded twice at once exchanges the code once', async () => {
    rig.xero.control.clearCalls()
    const browser = randomUUID()
    const params = await rig.consent(replica, browser)
    const answers = await Promise.all([1, 2].map(() => rig.ask(replica, 'POST', '/callback', { params, browser })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    expect((await rig.ask(replica, 'GET', '/token')).status).toBe(200)
  })

  test('what the provider refuses comes back as a code', async () => {
    const browser = randomUUID()
    const denied = await rig.consent(replica, browser, { allow: false })
    expect((await rig.ask(replica, 'POST', '/callback', { params: denied, browser })).body).toMatchObject({
      outcome: 'error',
      error: 'access_denied',
    })
    const again = await rig.consent(replica, browser)
    const stale = await rig.ask(replica, 'POST', '/callback', { params: { ...again, code: 'not-a-code' }, browser })
    expect(stale.body).toMatchObject({ outcome: 'error', error: 'expired_code' })
  })

  test('another client id while connected asks first; forced, it ends the connection', async () => {
    const other = { clientId: 'f'.repeat(32), clientSecret: 'other', by: 'ada' }
    expect(await rig.ask(replica, 'PUT', '/credentials', other)).toMatchObject({
      status: 409,
      body: { code: 'client-id-in-use' },
    })
    expect((await rig.ask(replica, 'PUT', '/credentials', { ...other, force: true })).status).toBe(204)
    expect((await rig.ask(replica, 'GET', '/connection')).body).toMatchObject({
      connected: false,
      clientIdLast4: 'ffff',
    })
  })
})

describe('disconnecting', () => {
  let rig: Rig
  let replica: Replica
  beforeAll(async () => {
    rig = await startRig()
    replica = await rig.start()
  })
  afterAll(() => rig?.close())

  test('ends it at Xero too and forgets the tokens', async () => {
    await rig.connect(replica)
    const ended = await rig.ask(replica, 'POST', '/disconnect', { by: 'ada' })
    expect(ended.body).toEqual({ disconnected: true, xero: 'removed' })
    expect(await rig.ask(replica, 'GET', '/token')).toMatchObject({ status: 409, body: { code: 'not-connected' } })
    expect(
      await rig.db.sql(`select access_token, refresh_token, id_token, previous_refresh_token from xero_tokens`),
    ).toEqual([{ access_token: '', refresh_token: '', id_token: null, previous_refresh_token: null }])
    expect((await rig.ask(replica, 'POST', '/disconnect', { by: 'ada' })).body).toEqual({
      disconnected: false,
      xero: 'not-connected',
    })
  })

  test('says so when Xero could not be reached', async () => {
    const cutOff = await rig.start({ XERO_API_URL: 'http://127.0.0.1:9' })
    await rig.connect(replica)
    expect((await rig.ask(cutOff, 'POST', '/disconnect', { by: 'ada' })).body).toEqual({
      disconnected: true,
      xero: 'unreachable',
    })
    expect((await rig.ask(replica, 'GET', '/connection')).body).toMatchObject({
      connected: false,
      disconnectedReason: 'disconnected by ada',
    })
    await cutOff.stop()
  })

  test('a report of a lost connection marks it once; a reconnect clears it', async () => {
    await rig.connect(replica)
    await rig.db.sql(`update xero_tokens set connected_at = now() - interval '1 hour'`)
    const report = { tenantId: first?.tenantId, reason: 'AuthenticationUnsuccessful' }
    const marks = await Promise.all([1, 2, 3].map(() => rig.ask(replica, 'POST', '/disconnected', report)))
    expect(marks.filter(({ body }) => body.marked)).toHaveLength(1)
    const open = () =>
      rig.db.sql(`select code, count from xero_failures where entity = 'connection' and resolved_at is null`)
    expect(await open()).toEqual([{ code: 'AFO-101', count: 1 }])
    expect((await rig.connect(replica)).body.outcome).toBe('connected')
    expect(await open()).toEqual([])
    expect((await rig.ask(replica, 'POST', '/disconnected', report)).body.marked).toBe(false)
  })

  test('a report names the token it is about: what is said of an older one marks nothing', async () => {
    const token = async () => {
      const { accessToken } = (await rig.ask(replica, 'GET', '/token')).body
      return createHash('sha256').update(accessToken).digest('hex')
    }
    await rig.connect(replica)
    const before = await token()
    await rig.connect(replica)
    const report = (token: string) =>
      rig.ask(replica, 'POST', '/disconnected', { tenantId: first?.tenantId, reason: 'missing-scope', token })
    expect((await report(before)).body).toEqual({ marked: false })
    const now = await token()
    await rig.db.sql(`update xero_tokens set connected_at = now() - interval '1 hour'`)
    expect((await report(before)).body).toEqual({ marked: false })
    expect((await report(now)).body).toEqual({ marked: true })
    expect(
      await rig.db.sql("select code from xero_failures where entity = 'connection' and resolved_at is null"),
    ).toEqual([{ code: 'AFO-102' }])
    expect((await report(now)).body).toEqual({ marked: false })
    await rig.connect(replica)
  })

  test("the alerts' secrets are sealed at rest, stay when left out, and go with null", async () => {
    const put = (body: object) => rig.ask(replica, 'PUT', '/secrets', body)
    const read = async () => (await rig.ask(replica, 'GET', '/secrets')).body
    expect((await put({ alert_webhook_url: 'https://hooks.example/T0', alert_webhook_secret: 'whsec' })).status).toBe(
      204,
    )
    expect((await put({ alert_webhook_secret: null })).status).toBe(204)
    expect(await read()).toEqual({ alert_webhook_url: 'https://hooks.example/T0' })
    const rows = await rig.db.sql("select key, value, is_encrypted from app_settings where key like 'alert%'")
    expect(rows).toMatchObject([{ key: 'alert_webhook_url', value: expect.stringMatching(/^v1:/), is_encrypted: true }])
    expect((await put({ xero_client_secret: 'x' })).status).toBe(400)
  })

  test('deleting the credentials leaves nothing', async () => {
    await rig.ask(replica, 'DELETE', '/credentials', { by: 'ada' })
    expect(await rig.db.sql(`select key from app_settings where key like 'xero%'`)).toEqual([])
    expect((await rig.ask(replica, 'GET', '/connection')).body).toMatchObject({
      connected: false,
      credentialsSaved: false,
    })
  })
})
