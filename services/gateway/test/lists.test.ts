import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asked, ask, type Rig, startRig } from './rig.js'
import { startServices } from './services.js'

let rig: Rig
let services: Awaited<ReturnType<typeof startServices>>
beforeAll(async () => {
  services = await startServices('key')
  rig = await startRig({ seed: true, environment: { INVOICING_URL: services.url } })
})
afterAll(async () => {
  await rig?.close()
  await services?.close()
})

const get = (path: string) => ask(rig, 'GET', path, { token: rig.tokens.accountant })
const value = async (sql: string) => Object.values((await rig.db.sql(sql))[0] ?? {})[0]

/** Every row of a list, page by page. */
async function whole(path: string): Promise<Asked['body'][]> {
  const rows = []
  let cursor: string | null = null
  do {
    const { status, body } = await get(
      `${path}${path.includes('?') ? '&' : '?'}limit=7${cursor ? `&cursor=${cursor}` : ''}`,
    )
    expect(status, JSON.stringify(body)).toBe(200)
    rows.push(...body.items)
    cursor = body.nextCursor
  } while (cursor !== null)
  return rows
}

describe('lists', () => {
  it.each([
    ['/admin/clients', 'select count(*)::int from clients'],
    ['/admin/clients?sort=-syncedAt', 'select count(*)::int from clients'],
    ['/admin/cost-centres?sort=-money', 'select count(*)::int from cost_centers'],
    ['/admin/timesheets?status=approved', "select count(*)::int from timesheets where status = 'approved'"],
    [
      '/admin/timesheets?sort=worker&billable=true',
      "select count(*)::int from timesheets where status = 'approved' and not invoiced and invoice_id is null",
    ],
    ['/admin/items?sort=-code', 'select count(*)::int from activity_types'],
  ])('%s: pages hold every row once, and total counts them', async (path, counted) => {
    const rows = await whole(path)
    expect(rows.length).toBe(await value(counted))
    expect(rows.length).toBeGreaterThan(0)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    expect((await get(path)).body.total).toBe(rows.length)
  })

  it('sort both ways', async () => {
    const names = (await whole('/admin/clients?sort=name')).map(({ id }) => id)
    const back = (await whole('/admin/clients?sort=-name')).map(({ id }) => id)
    expect(back).toEqual([...names].reverse())
    const money = (await whole('/admin/cost-centres?sort=-money')).map(({ unbilled }) => Number(unbilled.money))
    expect(money).toEqual([...money].sort((a, b) => b - a))
  })

  it('search literally: a percent sign is no wildcard', async () => {
    await rig.db.sql(`insert into clients (name) values ('100% Electrical'), ('1000 Electrical')`)
    const { body } = await get(`/admin/clients?q=${encodeURIComponent('100%')}`)
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['100% Electrical'])
    expect(body.items[0].link).toBe('waiting')
  })

  it('refuse a cursor of another sort', async () => {
    const { body } = await get('/admin/clients?limit=1')
    const other = await get(`/admin/clients?sort=-name&cursor=${body.nextCursor}`)
    expect(other.status).toBe(400)
    expect(other.body.code).toBe('invalid-cursor')
  })

  it('tell what is unbilled to the cent, rounded by line as the invoice is', async () => {
    const rows = await whole('/admin/cost-centres?ready=true')
    const expected = await value(`select sum(money)::text from (
      select round(sum(t.hours) * coalesce(t.rate, a.default_rate), 2) as money from timesheets t left join activity_types a on a.id = t.activity_type_id
      where t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null
      group by t.cost_center_id, t.activity_type_id, coalesce(t.rate, a.default_rate)) x`)
    const cents = rows.reduce((sum, { unbilled }) => sum + Math.round(Number(unbilled.money) * 100), 0)
    expect(cents).toBe(Math.round(Number(expected) * 100))
  })
})

describe('invoices', () => {
  const invoice = '00000000-0000-4000-8000-0000000000aa'
  beforeAll(async () => {
    await rig.db.sql(
      `insert into invoices (id, number, state, payment_status, net, tax, total, currency, amount_due, amount_paid, issued_on, due_on, lines, cost_center_id)
       select $1, 'AFO-00001', 'issued', 'Unpaid', 100.10, 15.02, 115.12, 'NZD', 100.12, 15.00, '2026-11-01', '2026-11-15', $2::jsonb, (select id from cost_centers limit 1)`,
      [
        invoice,
        JSON.stringify([
          {
            description: 'Labour',
            quantity: '2.0000',
            unitPrice: '50.0500',
            net: '100.10',
            tax: '15.02',
            taxRate: '15',
            taxType: 'OUTPUT2',
            accountCode: '200',
            itemCode: null,
            tracking: [],
            timesheetIds: [],
            accountName: null,
            taxName: null,
          },
        ]),
      ],
    )
    await rig.db.sql(`update timesheets set invoice_id = $1 where id in (select id from timesheets limit 2)`, [invoice])
  })

  it('are listed with totals, as text', async () => {
    const { body } = await get('/admin/invoices?paymentStatus=Unpaid&q=afo-')
    expect(body.items[0]).toMatchObject({ number: 'AFO-00001', total: '115.12', dueOn: '2026-11-15' })
    expect(body.totals).toEqual({ total: '115.12', amountDue: '100.12', amountPaid: '15.00' })
    expect((await get('/admin/invoices?paymentStatus=Paid')).body).toMatchObject({
      items: [],
      total: 0,
      totals: { total: '0' },
    })
  })

  it('count into no sum once they are void', async () => {
    const become = (state: string) => rig.db.sql('update invoices set state = $2 where id = $1', [invoice, state])
    await become('voided')
    const { body } = await get('/admin/invoices?q=afo-')
    expect([body.total, body.totals]).toEqual([1, { total: '0', amountDue: '0', amountPaid: '0' }])
    await become('issued')
  })

  it('lead to their lines and the timesheets behind them', async () => {
    const { status, body } = await get(`/admin/invoices/${invoice}`)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.lines[0].description).toBe('Labour')
    expect(body.timesheets).toHaveLength(2)
    expect(body.timesheets[0].invoiceNumber).toBe('AFO-00001')
  })

  it('are previewed by invoicing, whose problems come through and whose faults do not', async () => {
    services.answers.set('/preview', { status: 200, body: { invoices: [] } })
    const id = await value('select id::text from cost_centers limit 1')
    expect((await get(`/admin/invoices/preview?costCenterId=${id}&from=2026-11-01`)).body).toEqual({ invoices: [] })
    expect(services.heard.at(-1)?.url).toBe(`/preview?costCenterId=${id}&from=2026-11-01`)
    services.answers.set('/preview', {
      status: 503,
      body: { status: 503, code: 'AFO-101', detail: 'Xero is not connected', title: 'x', type: 'x' },
    })
    expect(await get('/admin/invoices/preview')).toMatchObject({
      status: 503,
      body: { code: 'AFO-101', detail: 'Xero is not connected' },
    })
    services.answers.set('/preview', {
      status: 401,
      body: { status: 401, code: 'unauthorized', detail: 'x', title: 'x', type: 'x' },
    })
    expect(await get('/admin/invoices/preview')).toMatchObject({ status: 503, body: { code: 'invoicing-unavailable' } })
    services.answers.set('/preview', { status: 200, body: { invoices: 'none' } })
    expect((await get('/admin/invoices/preview')).status).toBe(500)
  })
})

describe('failures', () => {
  it('say why in both sides’ words, are dismissed with a reason, and open anew when seen again', async () => {
    const record = () =>
      rig.db.sql(
        `select sync_failures_record('[{"entity":"client","entityId":"c-1","code":"AFO-202","message":"The name is 300 characters"}]')`,
      )
    await record()
    const listed = await get('/admin/failures?code=AFO-202')
    expect(listed.body.items[0]).toMatchObject({
      code: 'AFO-202',
      title: 'The name is too long for Xero',
      message: 'The name is 300 characters',
      state: 'open',
    })
    expect((await get('/admin/xero/status')).body).toMatchObject({ openFailures: 1, errors: [{ code: 'AFO-202' }] })
    const ids = [listed.body.items[0].id]
    const body = { ids, reason: 'Old client' }
    expect((await ask(rig, 'POST', '/admin/failures/dismiss', { body })).body).toEqual({ dismissed: 1 })
    expect((await ask(rig, 'POST', '/admin/failures/dismiss', { body })).body).toEqual({ dismissed: 0 })
    expect((await get('/admin/failures')).body.total).toBe(0)
    expect((await get('/admin/failures?state=dismissed')).body.items[0]).toMatchObject({
      resolvedBy: 'ada@example.com',
      resolvedReason: 'Old client',
    })
    await record()
    expect((await get('/admin/failures')).body.total).toBe(1)
  })
})

describe('settings', () => {
  it('have defaults, are put whole, and count at once', async () => {
    expect((await get('/admin/settings/invoicing')).body).toMatchObject({ status: 'DRAFT', dueDays: 14 })
    const put = await ask(rig, 'PUT', '/admin/settings/invoicing', {
      body: { status: 'AUTHORISED', defaultAccountCode: '200' },
    })
    expect(put.body).toMatchObject({ status: 'AUTHORISED', defaultAccountCode: '200', dueDays: 14 })
    expect((await get('/admin/settings/invoicing')).body).toEqual(put.body)
    expect((await get('/admin/settings/sync')).body).toMatchObject({ contactsToXero: true, owners: {} })
  })
})

describe('operations', () => {
  it('show quota, dead letters and the log, empty as they are', async () => {
    expect((await get('/admin/xero/quota')).body.code).toBe('AFO-101')
    await rig.db.sql(
      `insert into xero_tokens (tenant_id, selected, access_token, refresh_token, expires_at) values ('t', true, 'x', 'x', now())`,
    )
    expect(await get('/admin/xero/quota')).toMatchObject({ status: 200, body: { tenantId: 't', paused: null } })
    expect((await get('/admin/dead-letters')).body).toEqual({ items: [], nextCursor: null, total: 0 })
    expect((await get('/admin/dead-letters?service=invoicing&limit=3')).status).toBe(200)
    const body = { service: 'invoicing', ids: ['1-0@commands.invoicing'] }
    expect((await ask(rig, 'POST', '/admin/dead-letters/redrive', { body })).body).toEqual({ redriven: 0 })
    expect((await get('/admin/xero/log?limit=5')).body).toEqual({ items: [], nextCursor: null, total: 0 })
  })
})
