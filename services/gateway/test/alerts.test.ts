import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'
import { startServices } from './services.js'

interface Hook {
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
  readonly alert: { readonly kinds: string[]; readonly causes: number; readonly test: boolean }
}

let rig: Rig
let services: Awaited<ReturnType<typeof startServices>>
const mails: string[] = []
const hooks: Hook[] = []
/** What the receiver answers next; 200 when empty. */
const answers: number[] = []

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, _session, done) {
    let text = ''
    stream.on('data', (part: Buffer) => {
      text += part
    })
    stream.on('end', () => {
      mails.push(text)
      done()
    })
  },
})
const receiver = createServer(async (req, res) => {
  let body = ''
  for await (const part of req) body += part
  const status = answers.shift() ?? 200
  if (status === 200) hooks.push({ headers: req.headers, body, alert: JSON.parse(body).alert })
  res.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end()
})

beforeAll(async () => {
  await new Promise<void>((resolve) => void smtp.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve))
  services = await startServices('key')
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  services.answers.set('PUT /secrets', { status: 204, body: undefined })
  services.answers.set('/secrets', { status: 200, body: { alert_webhook_url: url, alert_webhook_secret: 'whsec' } })
  rig = await startRig({
    environment: { XERO_AUTH_URL: services.url, ALERT_ALLOWED_HOSTS: '127.0.0.1', TIME_SCALE: '20' },
  })
})
afterAll(async () => {
  await rig?.close()
  await services?.close()
  await new Promise<void>((resolve) => void smtp.close(() => resolve()))
  receiver.closeAllConnections()
  receiver.close()
})

const until = async (what: string, check: () => boolean | Promise<boolean>) => {
  for (const deadline = Date.now() + 60_000; !(await check()); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > deadline) throw new Error(`${what}: not within a minute`)
}
const smtpPort = () => (smtp.server.address() as AddressInfo).port
const settings = (over: object = {}) => ({
  email: { host: '127.0.0.1', port: smtpPort(), security: 'none', from: 'afo@example.com', to: ['office@example.com'] },
  webhook: true,
  digestAt: '00:00',
  ...over,
})
const save = (body: object) => ask(rig, 'PUT', '/admin/settings/alerts', { body })
const disconnect = (at: string | null) =>
  rig.db.sql(
    `insert into xero_tokens (tenant_id, tenant_name, selected, access_token, refresh_token, expires_at, disconnected_at, disconnected_reason)
     values ('t', 'Demo', true, '', '', now(), $1::text::timestamptz, 'Somebody removed it in Xero')
     on conflict (tenant_id) do update set disconnected_at = excluded.disconnected_at`,
    [at],
  )

describe('alerts', () => {
  it('keep their secrets: they go to the vault, and no answer, no row of the audit shows them', async () => {
    const secrets = {
      smtpPassword: 'pa55word',
      webhookUrl: 'https://hooks.example/T0/s3cret',
      webhookSecret: 'whsec-1',
    }
    const saved = await save({ ...settings({ webhook: false, email: null }), ...secrets })
    expect(saved, JSON.stringify(saved.body)).toMatchObject({ status: 200, body: { saved: { webhookUrl: false } } })
    expect(services.heard).toContainEqual(expect.objectContaining({ method: 'PUT', url: '/secrets' }))
    const read = await ask(rig, 'GET', '/admin/settings/alerts', { token: rig.tokens.accountant })
    expect(read.body).toMatchObject({ digestAt: '00:00', kinds: { failures: 'digest' } })
    const rows = await rig.db.sql(
      "select details::text, (select value from app_settings where key = 'alerts') from audit_log",
    )
    for (const text of [JSON.stringify([saved.body, read.body, rows]), rig.lines.join()])
      expect(text).not.toMatch(/pa55word|s3cret|whsec-1/)
    expect((await ask(rig, 'PUT', '/admin/settings/alerts', { body: {}, token: rig.tokens.accountant })).status).toBe(
      403,
    )
    expect((await save({ email: { host: 'x', from: 'no', to: [] } })).status).toBe(400)
  })

  it('never send the saved mail password to another server', async () => {
    const vault = (value: string | null) =>
      rig.db.sql(
        `insert into app_settings (key, value, is_encrypted) values ('alert_smtp_password', $1, true)
         on conflict (key) do update set value = excluded.value`,
        [value],
      )
    expect((await save(settings())).status).toBe(200)
    await vault('sealed')
    expect((await save(settings())).status).toBe(200)
    for (const other of [{ host: 'mail.thief.example' }, { port: 26 }, { user: 'somebody' }]) {
      const moved = settings({ email: { ...settings().email, ...other } })
      expect(await save(moved)).toMatchObject({ status: 400, body: { errors: [{ field: 'smtpPassword' }] } })
    }
    const read = await ask(rig, 'GET', '/admin/settings/alerts')
    expect(read.body.email).toMatchObject({ host: '127.0.0.1', port: smtpPort(), user: null })
    const given = { ...settings({ email: { ...settings().email, user: 'somebody' } }), smtpPassword: 'theirs' }
    expect((await save(given)).status).toBe(200)
    await vault(null)
    await save(settings({ email: null, webhook: false }))
  })

  it('are tried at the press of a button, which tells how it went', async () => {
    expect((await ask(rig, 'POST', '/admin/alerts/test')).body).toMatchObject({ status: 409, code: 'no-alert-target' })
    await save(settings())
    const { status, body } = await ask(rig, 'POST', '/admin/alerts/test')
    expect([status, body.test], JSON.stringify(body)).toEqual([200, true])
    expect(body.deliveries).toMatchObject([
      { channel: 'email', target: 'office@example.com', state: 'sent', attempts: 1 },
      { channel: 'webhook', state: 'sent', attempts: 1, error: null },
    ])
    expect([mails.length, hooks.length]).toEqual([1, 1])
    const { headers, body: raw } = hooks[0] as Hook
    const expected = createHmac('sha256', 'whsec').update(`${headers['x-afo-timestamp']}.${raw}`).digest('hex')
    expect(headers['x-afo-signature']).toBe(`sha256=${expected}`)
  })

  it('arrive within a minute of a disconnect, once, and again only when it changes', async () => {
    await disconnect('2026-11-25T01:00:00Z')
    await until('the alert', () => mails.length === 2 && hooks.length === 2)
    expect(mails[1]).toMatch(/Subject: AmpedFieldOps: Xero is not connected/)
    expect(mails[1]).toContain('Demo: Somebody removed it in Xero')
    await disconnect('2026-11-25T02:00:00Z')
    await until('the second alert', () => mails.length >= 3 && hooks.length >= 3)
    await rig.db.sql(
      "insert into xero_failures (entity, entity_id, code, message) values ('invoice', 'i', 'AFO-499', 'No')",
    )
    await until('the refusal', () => mails.length >= 4 && hooks.length >= 4)
    expect(hooks.map(({ alert }) => alert.kinds)).toEqual([[], ['disconnected'], ['disconnected'], ['refused']])
  })

  it('a thousand failures make one digest', async () => {
    await rig.db.sql(
      `insert into xero_failures (entity, entity_id, code, message, money, first_seen_at)
       select 'client', 'c' || n, 'AFO-201', 'The client has no name.', 1.5, now() - interval '2 days' from generate_series(1, 1000) n`,
    )
    // A look that began before the failures were there may still write down that today's digest is done.
    await until('the digest', async () => {
      if (hooks.length >= 5 && mails.length >= 5) return true
      await rig.db.sql("delete from xero_cursors where name = 'alerts.digest'")
      return false
    })
    expect(hooks[4]?.alert).toMatchObject({ kinds: ['failures'], causes: 1_000 })
    expect(mails[4]).toContain('1500.00 at stake')
    await disconnect('2026-11-25T03:00:00Z')
    await until('the next', () => hooks.length >= 6)
    expect(hooks.slice(4).map(({ alert }) => alert.kinds)).toEqual([['failures'], ['disconnected']])
  })

  it('are tried again where they did not arrive; no redirect is followed', async () => {
    answers.push(500, 302)
    const { body } = await ask(rig, 'POST', '/admin/alerts/test')
    const hook = (of: { deliveries: { channel: string }[] }) =>
      of.deliveries.find(({ channel }) => channel === 'webhook')
    expect(hook(body)).toMatchObject({ state: 'waiting', error: 'The webhook answered 500' })
    let found: unknown
    await until('the webhook', async () => {
      const [alert] = (await ask(rig, 'GET', '/admin/alerts?limit=1')).body.items
      found = hook(alert)
      return (found as { state: string }).state === 'sent'
    })
    expect(found).toMatchObject({ attempts: 3, error: null })
  })

  it('tell of a refused secret as of a lost connection', async () => {
    await save(settings())
    await disconnect(null)
    await rig.db.sql(
      "insert into xero_failures (entity, entity_id, code, message) values ('connection', 't', 'AFO-104', 'Secret refused')",
    )
    await until('the alert', () => hooks.some(({ body }) => body.includes('AFO-104')))
    const told = hooks.filter(({ body }) => body.includes('AFO-104'))
    expect(told).toMatchObject([{ alert: { kinds: ['disconnected'], causes: 1 } }])
    expect(told[0]?.body).toContain('Demo: Secret refused')
  })
})

describe('retention', () => {
  it('is a setting, and removes what is older in small steps; the audit log takes no other deletion', async () => {
    const path = '/admin/settings/retention'
    expect((await ask(rig, 'PUT', path, { body: { calls: 1 } })).status).toBe(400)
    expect((await ask(rig, 'PUT', path, { body: { calls: 60 } })).body).toMatchObject({ calls: 60, audit: 1_095 })
    const days = (await ask(rig, 'GET', path)).body
    await rig.db.sql(
      `insert into audit_log (at, actor, action) select now() - n * interval '1000 days', 'a', 'old' from generate_series(1, 5) n`,
    )
    await rig.db.sql(
      `insert into sync_changes (at, entity, entity_id, changed)
       select now() - n * interval '1000 days', 'client', gen_random_uuid(), '{"name": ["old", "new"]}' from generate_series(1, 5) n`,
    )
    await rig.db.sql(
      `insert into xero_calls (at, tenant_id, service, method, path, endpoint, outcome, duration_ms, priority)
       select now() - n * interval '11 days', 't', 's', 'GET', '/', 'x', 'ok', 1, 'person' from generate_series(1, 9) n`,
    )
    const step = async () => (await rig.db.sql('select sync_retention_step($1, 2) as n', [JSON.stringify(days)]))[0]?.n
    const steps = []
    for (let n = await step(); n !== 0; n = await step()) steps.push(n)
    expect(steps).toEqual([6, 6])
    expect(await rig.db.sql("select count(*)::int as n from audit_log where action = 'old'")).toEqual([{ n: 1 }])
    expect(
      await rig.db.sql("select count(*)::int as n from sync_changes where changed -> 'name' ->> 0 = 'old'"),
    ).toEqual([{ n: 1 }])
    expect(await rig.db.sql('select count(*)::int as n from xero_calls')).toEqual([{ n: 5 }])
    await expect(rig.db.sql("delete from audit_log where action = 'old'")).rejects.toThrow('append-only')
  })
})
