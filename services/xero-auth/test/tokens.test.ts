import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { app, expireToken, type Replica, type Rig, startRig } from './rig.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('refreshing', () => {
  let rig: Rig
  let replicas: readonly Replica[]
  beforeAll(async () => {
    rig = await startRig()
    replicas = await Promise.all([1, 2, 3, 4].map(() => rig.start()))
  })
  afterAll(() => rig?.close())
  beforeEach(async () => {
    const connected = await rig.connect(one())
    expect(connected.body.outcome).toBe('connected')
    rig.identity.reset()
  })
  afterEach(() => {
    rig.xero.control.clearFaults()
    rig.identity.onToken = () => ({})
  })

  const one = () => replicas[0] as Replica
  const token = (replica = one(), stale?: string) =>
    rig.ask(replica, 'GET', stale === undefined ? '/token' : `/token?stale=${stale}`)
  const works = async (accessToken: string) =>
    (await fetch(`${rig.xero.url}/connections`, { headers: { authorization: `Bearer ${accessToken}` } })).status === 200
  const leased = async () => (await rig.db.sql(`select 1 from xero_tokens where lease_until > now()`)).length > 0
  const until = async (fact: () => Promise<boolean>) => {
    while (!(await fact())) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  test('50 askers over 4 replicas with an expired token and a slow identity server: one refresh', async () => {
    await expireToken(rig)
    rig.xero.control.addFault({ kind: 'token-slow', ms: 1_000 })
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => token(replicas[i % 4])))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.accessToken)).size).toBe(1)
    expect(rig.identity.requests()).toBe(1)
    expect(await works(answers[0]?.body.accessToken)).toBe(true)
  })

  test('a good token is handed out while another replica renews it early', async () => {
    const before = (await token()).body.accessToken
    await rig.db.sql(`update xero_tokens set expires_at = now() + interval '1 minute'`)
    rig.xero.control.addFault({ kind: 'token-slow', ms: 1_500 })
    const renewing = token(replicas[1])
    await until(leased)
    expect((await token(replicas[2])).body.accessToken).toBe(before)
    expect((await renewing).body.accessToken).not.toBe(before)
    expect(rig.identity.requests()).toBe(1)
  })

  test('a token that Xero refused is replaced once, however many say so', async () => {
    const refused = (await token()).body.accessToken
    const answers = await Promise.all(replicas.flatMap((r) => [token(r, sha256(refused)), token(r, sha256(refused))]))
    expect(new Set(answers.map(({ body }) => body.accessToken)).size).toBe(1)
    expect(answers[0]?.body.accessToken).not.toBe(refused)
    expect(rig.identity.requests()).toBe(1)
    expect((await token(one(), sha256(refused))).body.accessToken).toBe(answers[0]?.body.accessToken)
  })

  test('an answer that is lost after the identity server rotated: the next try works by the grace', async () => {
    await expireToken(rig)
    rig.xero.control.addFault({ kind: 'token-reset-after-commit' })
    expect((await token()).status).toBe(503)
    const next = await token()
    expect(next.status).toBe(200)
    expect(await works(next.body.accessToken)).toBe(true)
  })

  test('a replica that is killed after the answer and before saving leaves a working connection', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xero-auth-'))
    const FAILPOINT_FILE = join(folder, 'failpoint')
    const victim = await rig.spawn({ FAILPOINT_FILE })
    await expireToken(rig)
    writeFileSync(FAILPOINT_FILE, 'after-grant')
    await expect(rig.ask(victim, 'GET', '/token')).rejects.toThrow('fetch failed')
    expect(await victim.ended).toBe('SIGKILL')
    rmSync(folder, { recursive: true })
    // Xero has rotated, Postgres has the old tokens, and the lease is a dead process's until it runs out.
    expect(rig.identity.requests()).toBe(1)
    expect(await leased()).toBe(true)
    await rig.db.sql(`update xero_tokens set lease_until = now()`)
    const next = await token(replicas[1])
    expect(next.status).toBe(200)
    expect(await works(next.body.accessToken)).toBe(true)
  })

  test('tokens that come in after the lease went to another are not stored over theirs', async () => {
    await expireToken(rig)
    rig.xero.control.addFault({ kind: 'token-slow', ms: 1_000 })
    const slow = token()
    await until(leased)
    await rig.db.sql(`update xero_tokens set lease_until = now() - interval '1 second'`)
    const winner = await token(replicas[1])
    expect(winner.status).toBe(200)
    expect((await slow).body.accessToken).toBe(winner.body.accessToken)
  })

  test('invalid_grant with other tokens in Postgres by then is a lost race, not a lost grant', async () => {
    await expireToken(rig)
    rig.identity.onToken = () => ({ slowMs: 800 })
    rig.xero.control.addFault({ kind: 'invalid-grant', times: 0 })
    const slow = token()
    await until(leased)
    await rig.db.sql(`update xero_tokens set token_version = token_version + 1, lease_owner = null, lease_until = null,
      expires_at = now() + interval '20 minutes'`)
    expect((await slow).status).toBe(200)
  })

  test('the previous refresh token is tried before a person is asked', async () => {
    await expireToken(rig)
    expect((await token()).status).toBe(200)
    await expireToken(rig)
    rig.identity.reset()
    rig.xero.control.addFault({ kind: 'invalid-grant', times: 1 })
    const next = await token()
    expect(next.status).toBe(200)
    expect(rig.identity.requests()).toBe(2)
    expect(await works(next.body.accessToken)).toBe(true)
  })

  test('a dead grant is marked once, said once, and asks for a person', async () => {
    await expireToken(rig)
    rig.xero.control.expireRefreshTokens()
    const answers = await Promise.all(replicas.map((replica) => token(replica)))
    for (const { status, body } of answers)
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'not-connected' })
    expect(
      await rig.db.sql(`select code, count from xero_failures where entity = 'connection' and resolved_at is null`),
    ).toEqual([{ code: 'AFO-101', count: 1 }])
    expect(await rig.db.sql(`select unannounced from xero_tokens`)).toEqual([{ unannounced: null }])
    expect((await rig.ask(one(), 'GET', '/connection')).body.disconnectedReason).toContain('no longer accepts')
  })

  describe('a secret that was made anew at Xero', () => {
    const remade = { ...app, clientSecret: 'made anew' }
    const shown = async () => {
      const { connected, disconnectedReason } = (await rig.ask(one(), 'GET', '/connection')).body
      return { connected, disconnectedReason }
    }
    const failures = () =>
      rig.db.sql(`select code, count, resolution from xero_failures where code = 'AFO-104' order by first_seen_at`)
    const save = (clientSecret: string) =>
      rig.ask(one(), 'PUT', '/credentials', { clientId: app.clientId, clientSecret, by: 'ada' })
    const refused = { connected: false, disconnectedReason: 'secret-refused' }
    const good = { connected: true, disconnectedReason: null }
    const [open, fixed] = [null, 'fixed'].map((resolution) => ({ code: 'AFO-104', count: 1, resolution }))
    beforeEach(() => rig.db.sql(`delete from xero_failures`))
    afterEach(() => rig.xero.control.setApp(app))

    test('is one failure however many ask, and asks for the secret; the right one ends it as it is saved', async () => {
      await expireToken(rig)
      rig.xero.control.setApp(remade)
      for (const { status, body } of await Promise.all([...replicas, ...replicas].map((replica) => token(replica))))
        expect({ status, code: body.code }).toEqual({ status: 409, code: 'credentials-refused' })
      expect(await failures()).toEqual([open])
      expect(await shown()).toEqual(refused)
      expect((await save('still wrong')).status).toBe(204)
      expect([await failures(), await shown()]).toEqual([[open], refused])
      expect((await save(remade.clientSecret)).status).toBe(204)
      expect([await failures(), await shown()]).toEqual([[fixed], good])
      expect((await token()).status).toBe(200)
    })

    test('leaves the connection standing at Xero when it is ended here, and says so', async () => {
      await expireToken(rig)
      rig.xero.control.setApp(remade)
      const ended = await rig.ask(one(), 'POST', '/disconnect', { by: 'ada' })
      expect(ended.body).toEqual({ disconnected: true, xero: 'unreachable' })
    })

    test('is seen by a consent too; the next that works ends it, whoever renews', async () => {
      const consent = async () => {
        const browser = randomUUID()
        const params = await rig.consent(one(), browser)
        return (await rig.ask(one(), 'POST', '/callback', { params, browser })).body
      }
      rig.xero.control.setApp(remade)
      expect(await consent()).toMatchObject({ outcome: 'error', error: 'credentials_refused' })
      expect([await failures(), await shown()]).toEqual([[open], refused])
      rig.xero.control.setApp(app)
      expect(await consent()).toMatchObject({ outcome: 'connected' })
      expect([await failures(), await shown()]).toEqual([[fixed], good])

      rig.xero.control.setApp(remade)
      await expireToken(rig)
      expect((await token()).status).toBe(409)
      expect(await failures()).toEqual([fixed, open])
      rig.xero.control.setApp(app)
      expect((await token(replicas[1])).status).toBe(200)
      expect([await failures(), await shown()]).toEqual([[fixed, fixed], good])
    })
  })

  test('no secret shows in a log line', async () => {
    const { accessToken } = (await token()).body
    const lines = replicas.flatMap((replica) => replica.lines).join('')
    expect(lines.length).toBeGreaterThan(0)
    for (const secret of [accessToken, 'S3cret+/', rig.serviceToken, rig.environment.ENCRYPTION_KEY ?? '-'])
      expect(lines).not.toContain(secret)
  })
})

describe('the key of the vault', () => {
  test('a wrong or missing one is a refusal to run that says which', async () => {
    const rig = await startRig()
    try {
      await (await rig.start()).stop()
      await expect(rig.start({ ENCRYPTION_KEY: 'ab'.repeat(32) })).rejects.toThrow(/ENCRYPTION_KEY: is not the key/)
      await expect(rig.start({ ENCRYPTION_KEY: '' })).rejects.toThrow(/ENCRYPTION_KEY is missing/)
      await expect(rig.start({ ENCRYPTION_KEY: 'short' })).rejects.toThrow(/64 hexadecimal digits/)
      const previous = rig.environment.ENCRYPTION_KEY
      await rig.start({ ENCRYPTION_KEY: 'ab'.repeat(32), ENCRYPTION_KEY_PREVIOUS: previous })
    } finally {
      await rig.close()
    }
  })
})
