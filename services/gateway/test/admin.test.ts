import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'
import { startServices } from './services.js'

let rig: Rig
let services: Awaited<ReturnType<typeof startServices>>
beforeAll(async () => {
  services = await startServices('key')
  rig = await startRig({ environment: { INVOICING_URL: services.url, CONTACT_SYNC_URL: services.url } })
})
afterAll(async () => {
  await rig?.close()
  await services?.close()
})
beforeEach(() => rig.db.sql('delete from xero_failures'))

const get = (path: string) => ask(rig, 'GET', path, { token: rig.tokens.accountant })
/** Asking Xero costs calls, so that it is an admin's. */
const verdictOn = (failure: string) => ask(rig, 'GET', `/admin/failures/${failure}/verdict`)
const post = (path: string, body: unknown = {}) => ask(rig, 'POST', path, { body })
const fail = async (failure: Record<string, unknown>) => {
  await rig.db.sql('select sync_failures_record($1)', [JSON.stringify([{ message: 'Their words', ...failure }])])
  const [row] = await rig.db.sql<{ id: string }>('select id::text from xero_failures where entity_id = $1', [
    failure.entityId as string,
  ])
  return row?.id as string
}
const commands = (name: string) =>
  rig.db.sql<{ id: string; body: unknown }>('select id::text, body::text from commands where name = $1', [name])
const invoice = async (state: string, over: { xeroInvoiceId?: string } = {}) => {
  const [id, cost] = [randomUUID(), randomUUID()]
  await rig.db.sql("insert into cost_centers (id, name) values ($1, 'Labor')", [cost])
  await rig.db.sql(
    'insert into invoices (id, cost_center_id, number, state, total, xero_invoice_id, wait_until) values ($1, $2, $3, $4, 115, $5, $6)',
    [id, cost, `AFO-${id.slice(0, 5)}`, state, over.xeroInvoiceId ?? null, new Date(Date.now() + 3_600_000)],
  )
  return { id, cost }
}
const xeroSays = (verdicts: Record<string, string>) =>
  services.answers.set('/verdicts', {
    status: 200,
    body: {
      verdicts: Object.entries(verdicts).map(([entityId, verdict]) => ({
        entityId,
        verdict: { verdict, because: `It is ${verdict}.`, xero: null, calls: 1, at: '2026-11-25T00:00:00Z' },
      })),
    },
  })

describe('the failed inbox', () => {
  it('filters by what, age and money, and sums what is held up once for each thing', async () => {
    const client = randomUUID()
    await fail({ entity: 'client', entityId: client, clientId: client, code: 'AFO-202' })
    await fail({ entity: 'cost-centre', entityId: 'c', code: 'AFO-407', money: '115.00' })
    await fail({ entity: 'cost-centre', entityId: 'c', code: 'AFO-410', money: '115.00' })
    await rig.db.sql("update xero_failures set first_seen_at = now() - interval '3 hours' where code = 'AFO-407'")
    const codes = async (query: string) =>
      (await get(`/admin/failures?${query}`)).body.items.map((f: { code: string }) => f.code).sort()
    expect(await codes(`clientId=${client}`)).toEqual(['AFO-202'])
    expect(await codes('minMoney=100')).toEqual(['AFO-407', 'AFO-410'])
    expect(await codes('olderThanHours=2')).toEqual(['AFO-407'])
    const { body } = await get('/admin/failures?sort=-money')
    expect(body.totals).toEqual({ money: '115.00' })
    expect(body.items.find((f: { entity: string }) => f.entity === 'client')).toMatchObject({
      title: 'The name is too long for Xero',
      remedy: 'Shorten the name of the client.',
      owner: 'office',
      retryable: false,
      message: 'Their words',
      link: `/admin/clients/${client}`,
      verdict: null,
    })
  })

  it('gives a verdict: from Xero where something may have been sent, without a call where nothing was', async () => {
    const { id } = await invoice('unknown')
    const failure = await fail({ entity: 'invoice', entityId: id, code: 'AFO-416' })
    xeroSays({ [id]: 'there' })
    expect((await get(`/admin/failures/${failure}/verdict`)).status).toBe(403)
    expect((await verdictOn(failure)).body).toMatchObject({ verdict: 'there', calls: 1 })
    expect((await get('/admin/failures')).body.items[0].verdict).toMatchObject({ verdict: 'there' })
    const heard = services.heard.length
    const held = await fail({ entity: 'cost-centre', entityId: randomUUID(), code: 'AFO-407' })
    expect((await verdictOn(held)).body).toMatchObject({ verdict: 'safe', calls: 0 })
    expect(services.heard.length).toBe(heard)
    services.answers.set('/verdicts', {
      status: 503,
      body: { status: 503, code: 'xero-unavailable', detail: 'Xero is down', title: 'x', type: 'x' },
    })
    expect((await verdictOn(failure)).body).toMatchObject({
      verdict: 'unsure',
      because: "Xero can't be asked at the moment: Xero is down.",
    })
    expect((await verdictOn(randomUUID())).status).toBe(404)
  })

  it('retries by the verdict: sends what is surely absent, adopts what is there, leaves what is not known', async () => {
    const [there, unsure, refused, unknown] = await Promise.all(
      ['unknown', 'unknown', 'refused', 'unknown'].map((s) => invoice(s)),
    )
    const rows = [there, unsure, refused, unknown].map((i) => i as NonNullable<typeof i>)
    const ids = await Promise.all(rows.map(({ id }) => fail({ entity: 'invoice', entityId: id, code: 'AFO-416' })))
    xeroSays(Object.fromEntries(rows.map(({ id }, i) => [id, ['there', 'unsure', 'safe', 'safe'][i] as string])))
    const { status, body } = await post('/admin/failures/retry', { ids })
    expect(status, JSON.stringify(body)).toBe(202)
    const outcomes = new Map(body.results.map((r: { id: string; outcome: string }) => [r.id, r.outcome]))
    expect(ids.map((id) => outcomes.get(id))).toEqual(['there', 'unsure', 'asked', 'asked'])
    expect(body.asked).toBe(2)
    expect((await commands('invoices.create')).map((c) => JSON.parse(c.body as string))).toEqual([
      { costCenterId: rows[2]?.cost },
    ])
    // The pause of the one in doubt is over, so that it is looked up now.
    const [row] = await rig.db.sql('select wait_until <= now() as due from invoices where id = $1', [
      rows[3]?.id as string,
    ])
    expect(row).toEqual({ due: true })
  })

  it('retries everything else by its own job or message, once for each thing', async () => {
    const cost = randomUUID()
    const [command] = [randomUUID()]
    await rig.db.sql("insert into cost_centers (id, name) values ($1, 'Labor')", [cost])
    await rig.db.sql(
      `insert into commands (id, name, body, asked_by, triggered_by, state) values ($1, 'invoices.create', '{"from": "2026-11-01", "force": ["AFO-405"]}', 'ada', 'manual', 'done')`,
      [command as string],
    )
    const { id: issued } = await invoice('issued', { xeroInvoiceId: randomUUID() })
    const ids = [
      await fail({ entity: 'cost-centre', entityId: cost, code: 'AFO-407', commandId: command }),
      await fail({ entity: 'client', entityId: randomUUID(), code: 'AFO-203' }),
      await fail({ entity: 'item', entityId: randomUUID(), code: 'AFO-399' }),
      await fail({ entity: 'item', entityId: randomUUID(), code: 'AFO-399' }),
      await fail({ entity: 'connection', entityId: 't', code: 'AFO-101' }),
      await fail({ entity: 'invoice', entityId: issued, code: 'AFO-502' }),
    ]
    const { body } = await post('/admin/failures/retry', { ids })
    expect(body.asked).toBe(6)
    expect((await commands('items.import')).length).toBe(1)
    expect((await commands('connection.check')).length).toBe(1)
    const billed = (await commands('invoices.create')).map((c) => JSON.parse(c.body as string))
    expect(billed).toContainEqual({ from: '2026-11-01', costCenterId: cost })
    expect(
      (await ask(rig, 'POST', '/admin/failures/retry', { body: { ids }, token: rig.tokens.accountant })).status,
    ).toBe(403)
    const audited = await rig.db.sql("select actor from audit_log where action = 'failures.retry'")
    expect(audited[0]).toEqual({ actor: 'ada@example.com' })
  })
})

describe('controls', () => {
  it('pause one service or all, say who and why, and resume', async () => {
    const one = await post('/admin/pause', { service: 'invoicing', reason: 'Year end' })
    expect(one.body.paused).toMatchObject([{ service: 'invoicing', by: 'ada@example.com', reason: 'Year end' }])
    expect((await post('/admin/pause')).body.paused.length).toBeGreaterThanOrEqual(4)
    expect((await get('/admin/xero/status')).body.paused.length).toBeGreaterThanOrEqual(4)
    expect((await get('/admin/overview')).body.troubles.map((t: { code: string }) => t.code)).toContain('AFO-606')
    expect(
      (await post('/admin/resume', { service: 'invoicing' })).body.paused.map((p: { service: string }) => p.service),
    ).not.toContain('invoicing')
    expect((await post('/admin/resume')).body.paused).toEqual([])
    expect((await post('/admin/pause', { service: 'gateway' })).status).toBe(400)
  })

  it('ask once more for what a line of the log tells of', async () => {
    await rig.db.sql(
      `with c as (insert into commands (id, name, body, asked_by, triggered_by, state) values (gen_random_uuid(), 'payments.poll', '{"full": true, "force": true}', 'x', 'manual', 'failed') returning id)
       insert into xero_sync_log (command_id, job, triggered_by, status) select id, 'payments.poll', 'manual', 'failed' from c`,
    )
    const { body: log } = await get('/admin/xero/log?job=payments.poll')
    const again = await post(`/admin/xero/log/${log.items[0].id}/rerun`)
    expect(again.status, JSON.stringify(again.body)).toBe(202)
    const { body: asked } = await get(again.body.statusUrl)
    expect(asked).toMatchObject({ name: 'payments.poll', askedBy: 'ada@example.com' })
    // What was overruled then is asked again.
    expect(asked.body).toEqual({ full: true })
    expect((await post('/admin/xero/log/999999/rerun')).status).toBe(404)
  })
})

describe('the overview', () => {
  it('tells in one call how things stand, and of each trouble what to do', async () => {
    const { status, body } = await get('/admin/overview')
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({
      healthy: false,
      connection: null,
      needsMe: { total: 0, failures: 0, conflicts: 0, matches: 0, deadLetters: 0 },
      quota: null,
    })
    expect(body.troubles[0]).toMatchObject({ code: 'AFO-101', owner: 'office' })
  })

  it('is healthy when connected, counts what needs a person, and adds up what is unbilled and overdue', async () => {
    const client = randomUUID()
    await rig.db.sql(
      `insert into xero_tokens (tenant_id, tenant_name, selected, access_token, refresh_token, expires_at, created_at) values ('t', 'Demo', true, 'x', 'x', now(), '2026-01-01')`,
    )
    await rig.db.sql("insert into clients (id, name) values ($1, 'A')", [client])
    await rig.db.sql("insert into xero_matches (client_id, reason, candidates) values ($1, 'several', '[]')", [client])
    await rig.db.sql("insert into xero_conflicts (client_id, field) values ($1, 'email')", [client])
    await fail({ entity: 'client', entityId: client, clientId: client, code: 'AFO-203' })
    await rig.db.sql(
      `with p as (insert into projects (code, client_id) values ('P1', $1) returning id), c as (insert into cost_centers (project_id, name) select id, 'Labor' from p returning id),
         a as (insert into activity_types (name, default_rate) values ('Electrician', 33.3333) returning id)
       insert into timesheets (cost_center_id, activity_type_id, work_date, hours, status) select c.id, a.id, '2026-11-01', 1.5, 'approved' from c, a, generate_series(1, 3)`,
      [client],
    )
    await rig.db.sql("update invoices set payment_status = 'Overdue', amount_due = 15.5 where state = 'issued'")
    const { body } = await get('/admin/overview')
    expect(body).toMatchObject({
      healthy: true,
      troubles: [],
      connection: { connected: true, tenantName: 'Demo', daysLeft: 60 },
      needsMe: { total: 3, failures: 1, conflicts: 1, matches: 1 },
      unbilled: { timesheets: 3, hours: '4.5', money: '150.00', withoutRate: 0 },
      overdue: { count: 1, money: '15.50' },
      unpaid: { count: 1, money: '15.50' },
      quota: { tenantId: 't' },
    })
  })

  it('tells that Xero refused the secret, not that a service stands still', async () => {
    await fail({ entity: 'connection', entityId: 't', code: 'AFO-104' })
    const late = randomUUID()
    await rig.db.sql(
      `insert into commands (id, name, body, asked_by, triggered_by, created_at) values ($1, 'items.import', '{}', 'x', 'manual', now() - interval '11 minutes')`,
      [late],
    )
    const { body } = await get('/admin/overview')
    expect(body.connection.connected).toBe(false)
    expect(body.troubles.map(({ code }: { code: string }) => code)).toEqual(['AFO-104'])
    await rig.db.sql('delete from commands where id = $1', [late])
    await rig.db.sql("delete from xero_failures where code = 'AFO-104'")
  })
})

describe('the time machine', () => {
  it('tells in order who asked, what was sent and answered, what changed and who it was, and gives it as one file', async () => {
    const { id } = await invoice('claimed')
    const [row] = await rig.db.sql('select number from invoices where id = $1', [id])
    const command = randomUUID()
    await rig.db.sql(
      `insert into commands (id, name, body, asked_by, triggered_by, state, created_at) values ($1, 'invoices.create', '{}', 'ada@example.com', 'manual', 'done', now() - interval '1 hour')`,
      [command],
    )
    await rig.db.sql('update invoices set command_id = $2 where id = $1', [id, command])
    const sent = { invoices: [{ invoiceNumber: row?.number, total: '115.00' }] }
    await rig.db.sql('select sync_calls_record($1)', [
      JSON.stringify([
        {
          at: new Date().toISOString(),
          tenantId: 't',
          service: 'invoicing',
          method: 'PUT',
          path: '/Invoices',
          endpoint: 'Invoices',
          status: 500,
          outcome: 'unknown',
          durationMs: 5,
          priority: 'invoice',
          correlationId: command,
          xeroCorrelationId: 'x-1',
          dayRemaining: 900,
          request: sent,
          answer: null,
        },
      ]),
    ])
    const failure = await fail({ entity: 'invoice', entityId: id, code: 'AFO-416' })
    await post('/admin/failures/dismiss', { ids: [failure], reason: 'Known' })
    await rig.db.sql("update invoices set state = 'issued', payment_status = 'Unpaid' where id = $1", [id])
    const { status, body, headers } = await get(`/admin/invoices/${id}/history?download=true`)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${row?.number} history.json"`)
    const told = body.events.map((e: { kind: string; what: string; by: string | null }) => [e.kind, e.what, e.by])
    expect(told).toEqual([
      ['command', 'invoices.create', 'ada@example.com'],
      ['change', 'changed', null],
      ['call', 'PUT /Invoices unknown', null],
      ['failure', 'AFO-416', null],
      ['person', 'failures.dismiss', 'ada@example.com'],
      ['failure', 'AFO-416 dismissed', 'ada@example.com'],
      ['change', 'changed', null],
    ])
    expect(body.events.at(-1).details).toEqual({ state: ['claimed', 'issued'], payment_status: [null, 'Unpaid'] })
    expect(body.events[2].details.request).toMatchObject({ invoiceNumber: row?.number })
  })

  it('tells of a client what was edited, by whom, and what Xero was sent', async () => {
    const client = randomUUID()
    await rig.db.sql("insert into clients (id, name, email) values ($1, 'Before', 'a@example.com')", [client])
    await rig.db.sql("update clients set name = 'After' where id = $1", [client])
    await rig.db.sql('update clients set xero_synced_at = now() where id = $1', [client])
    const { body } = await get(`/admin/clients/${client}/history`)
    expect(body).toMatchObject({ label: 'After', events: [{ kind: 'change', details: { name: ['Before', 'After'] } }] })
    expect(body.events).toHaveLength(1)
    expect((await get(`/admin/clients/${randomUUID()}/history`)).status).toBe(404)
  })
})
