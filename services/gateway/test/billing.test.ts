import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
  await rig.db.sql(`insert into app_settings (key, value) values ('invoicing', '{"billFrom":"2026-01-01"}');`)
  await rig.db.sql(`insert into activity_types (name, default_rate) values ('Electrician', 95.5), ('No rate', null)`)
})
afterAll(() => rig?.close())

const get = (path: string) => ask(rig, 'GET', path, { token: rig.tokens.accountant })
const unknownId = '00000000-0000-4000-8000-000000000000'

interface Sheet {
  readonly hours?: string | null
  readonly date?: string | null
  readonly activity?: string
  readonly status?: string
}

/** A client, a project and a cost centre with these timesheets, each billable unless it says otherwise. */
async function centre(
  sheets: readonly Sheet[],
  { contact = 'x', client = randomUUID() as string, order = {} as object } = {},
) {
  const [clientId, projectId, id] = [randomUUID(), randomUUID(), randomUUID()]
  const { number = null, amount = null, expires = null } = order as Record<string, string | null>
  await rig.db.sql('insert into clients (id, name, xero_contact_id) values ($1, $2, $3)', [
    clientId,
    client,
    contact === '' ? null : randomUUID(),
  ])
  await rig.db.sql('insert into projects (id, code, client_id) values ($1, $2, $3)', [
    projectId,
    `P-${id.slice(0, 8)}`,
    clientId,
  ])
  await rig.db.sql(
    `insert into cost_centers (id, project_id, name, customer_po_number, po_amount, po_expires_on)
     values ($1, $2, 'Labor', $3, $4::text::numeric, $5::text::date)`,
    [id, projectId, number, amount, expires],
  )
  const ids: string[] = []
  for (const { hours = '1', date = '2026-11-01', activity = 'Electrician', status = 'approved' } of sheets) {
    const sheetId = randomUUID()
    ids.push(sheetId)
    await rig.db.sql(
      `insert into timesheets (id, cost_center_id, activity_type_id, worker_name, work_date, hours, status)
       values ($1, $2, (select id from activity_types where name = $3), 'Aroha', $4::text::date, $5::text::numeric, $6)`,
      [sheetId, id, activity, date, hours, status],
    )
  }
  return { id, clientId, client, ids }
}

/** An invoice of a cost centre whose one line is these timesheets. */
async function invoice(costCenterId: string, number: string, timesheetIds: readonly string[], state = 'issued') {
  const [id, xeroId] = [randomUUID(), randomUUID()]
  const line = {
    description: 'Labour',
    quantity: '1.0000',
    unitPrice: '95.5000',
    net: '95.50',
    tax: '14.33',
    taxRate: '15',
  }
  const booked = {
    taxType: 'OUTPUT2',
    accountCode: '200',
    itemCode: null,
    tracking: [],
    accountName: null,
    taxName: null,
  }
  await rig.db.sql(
    `insert into invoices (id, number, state, net, tax, total, currency, cost_center_id, reference, lines, xero_invoice_id, payment_status, xero_total, voided_at, voided_by)
     values ($1, $2, $3, 95.50, 14.33, 109.83, 'NZD', $4, (select customer_po_number from cost_centers where id = $4), $5::text::jsonb, $6, 'Paid', 109.83,
       case $3 when 'voided' then '2026-11-20T00:00:00Z'::timestamptz end, case $3 when 'voided' then 'xero' end)`,
    [id, number, state, costCenterId, JSON.stringify([{ ...line, ...booked, timesheetIds }]), xeroId],
  )
  if (state !== 'voided')
    await rig.db.sql(
      'update timesheets set invoice_id = $1, invoiced = $2 where id in (select jsonb_array_elements_text($3::text::jsonb)::uuid)',
      [id, state === 'issued', JSON.stringify(timesheetIds)],
    )
  return { id, xeroId }
}

describe('unbilled', () => {
  it('is told in money, with the one cause that stands first', async () => {
    const expected: [string, string, string][] = []
    const add = async (cause: string, money: string, made: Promise<{ id: string }>) => {
      expected.push([(await made).id, cause, money])
      return made
    }
    await add('ready', '286.50', centre([{ hours: '1.3333' }, { hours: '1.6667' }]))
    await add('AFO-401', '95.50', centre([{}], { contact: '' }))
    await add('AFO-404', '95.50', centre([{}], { order: { number: 'PO-1', expires: '2026-01-31' } }))
    await add('AFO-405', '95.50', centre([{}], { order: { number: 'PO-1', amount: '95.49' } }))
    await add('ready', '95.50', centre([{}], { order: { number: 'PO-1', amount: '95.50' } }))
    const bare = await centre([{}, { activity: 'No rate' }])
    expected.push([bare.id, 'AFO-406', '95.50'])
    const wrong = await centre([{ date: null }])
    expected.push([wrong.id, 'AFO-414', '95.50'])
    const early = await centre([{ date: '2025-12-31' }])
    expected.push([early.id, 'before-first-day', '95.50'])
    const flying = await centre([{}])
    expected.push([flying.id, 'on-its-way', '95.50'])
    await invoice(flying.id, 'AFO-00001', flying.ids, 'sending')
    const asked = await centre([{}])
    expected.push([asked.id, 'AFO-408', '95.50'])
    await rig.db.sql(
      `select sync_failures_record(jsonb_build_array(jsonb_build_object('entity', 'cost-centre', 'entityId', $1::text, 'code', 'AFO-408', 'message', 'Account 200'))::text)`,
      [asked.id],
    )
    const elsewhere = await centre([{ status: 'submitted' }])

    const { status, body } = await get('/admin/unbilled?limit=200')
    expect(status, JSON.stringify(body)).toBe(200)
    const rows = body.items.map((row: Record<string, string>) => [row.costCenterId, row.cause, row.money])
    expect(rows.toSorted()).toEqual(expected.toSorted())
    expect(body.items.map((row: { money: string }) => Number(row.money))).toEqual(
      body.items.map((row: { money: string }) => Number(row.money)).toSorted((a: number, b: number) => b - a),
    )
    expect(body.items.find((row: { cause: string }) => row.cause === 'AFO-406')).toMatchObject({
      title: 'An activity has no rate',
      withoutRate: 1,
      timesheets: 2,
    })
    const cents = (rows: { money: string }[]) => rows.reduce((sum, row) => sum + Math.round(Number(row.money) * 100), 0)
    const all = cents(body.items)
    expect(Math.round(Number(body.totals.money) * 100)).toBe(all)
    for (const by of ['byCause', 'byAge', 'byClient']) expect(cents(body.totals[by]), by).toBe(all)

    const one = await get(`/admin/unbilled?cause=ready&limit=1`)
    expect(one.body).toMatchObject({ total: 2, totals: { money: '382.00', timesheets: 3 } })
    const next = await get(`/admin/unbilled?cause=ready&limit=1&cursor=${one.body.nextCursor}`)
    expect(next.body.items[0].money).toBe('95.50')
    expect((await get(`/admin/unbilled?costCenterId=${elsewhere.id}`)).body).toMatchObject({
      items: [],
      totals: { money: '0' },
    })
    expect((await get('/admin/unbilled?age=lately')).status).toBe(400)

    const switchInvoicing = (on: boolean) =>
      rig.db.sql('select sync_settings_write($1)', [
        JSON.stringify([{ key: 'sync', value: JSON.stringify({ invoices: on }), encrypted: false }]),
      ])
    await switchInvoicing(false)
    expect((await get('/admin/unbilled?cause=on-its-way')).body.items).toMatchObject([
      { title: 'Waits: invoicing is switched off', remedy: expect.stringMatching(/Settings > What is synced/) },
    ])
    await switchInvoicing(true)
    await rig.db.sql('delete from timesheets')
  })
})

describe('a cost centre', () => {
  it('is read with what is left of its order, and changed field by field', async () => {
    const { id, ids } = await centre([{}, {}], { order: { number: 'PO-7', amount: '500.00' } })
    await invoice(id, 'AFO-00010', ids.slice(0, 1))
    const path = `/admin/cost-centres/${id}`
    expect((await get(path)).body).toMatchObject({
      poNumber: 'PO-7',
      orderBilled: '95.50',
      orderLeft: '404.50',
      trackingOption: null,
      unbilled: { money: '95.50' },
    })
    const change = (body: unknown, token = rig.tokens.admin) => ask(rig, 'PATCH', path, { body, token })
    const changed = await change({ poAmount: '600', trackingOption: ' North ' })
    expect(changed.body).toMatchObject({
      poNumber: 'PO-7',
      poAmount: '600.00',
      trackingOption: 'North',
      orderLeft: '504.50',
    })
    expect((await change({ poNumber: null, poExpiresOn: '2026-12-31' })).body).toMatchObject({
      poNumber: null,
      poExpiresOn: '2026-12-31',
      poAmount: '600.00',
      orderBilled: '0',
    })
    expect((await change({ poAmount: '1.005' })).body.errors).toMatchObject([{ field: 'poAmount' }])
    expect((await change({ poAmount: '-1' })).status).toBe(400)
    expect((await change({ name: 'Mine' })).status).toBe(400)
    expect((await change({ poNumber: 'x' }, rig.tokens.accountant)).status).toBe(403)
    expect((await ask(rig, 'PATCH', `/admin/cost-centres/${unknownId}`, { body: {} })).status).toBe(404)
    expect((await get(`/admin/cost-centres/${unknownId}`)).status).toBe(404)
    expect(
      (await rig.db.sql(`select details from audit_log where action = 'cost-centres.change' order by id limit 1`))[0],
    ).toMatchObject({
      details: { poAmount: '600' },
    })
  })
})

describe('timesheets', () => {
  it('lead to their invoice, its line and what was paid, and to the voided one before it', async () => {
    const { id, ids } = await centre([{}])
    await invoice(id, 'AFO-00020', ids, 'voided')
    await rig.db.sql(`update invoices set created_at = now() - interval '1 day' where number = 'AFO-00020'`)
    await invoice(id, 'AFO-00021', ids)
    const { status, body } = await get(`/admin/timesheets/${ids[0]}`)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({
      worker: 'Aroha',
      invoiced: true,
      billedElsewhere: null,
      invoices: [
        { number: 'AFO-00021', paymentStatus: 'Paid', line: { net: '95.50' }, numberGap: null, differs: false },
        { number: 'AFO-00020', state: 'voided', numberGap: 'Voided on 2026-11-20 in Xero' },
      ],
    })
    const voided = await get(`/admin/invoices/${body.invoices[1].id}`)
    expect(voided.body).toMatchObject({
      voided: { by: 'xero' },
      timesheets: [{ id: ids[0], invoiceNumber: 'AFO-00021' }],
    })
    expect((await get(`/admin/timesheets/${unknownId}`)).status).toBe(404)
  })

  it('are marked as billed elsewhere, one or up to a day, with a reason; taken back they are billable again', async () => {
    const { id, ids } = await centre([{ date: '2026-10-30' }, { date: '2026-11-02' }])
    const mark = (body: object, undo = '') => ask(rig, 'POST', `/admin/timesheets/billed-elsewhere${undo}`, { body })
    expect((await mark({ costCenterId: id, reason: 'x' })).body.errors).toMatchObject([{ field: 'upTo' }])
    expect((await mark({ costCenterId: id, upTo: '2026-10-31' })).body.errors).toMatchObject([{ field: 'reason' }])
    const body = { costCenterId: id, upTo: '2026-10-31', reason: 'On paper' }
    expect([(await mark(body)).body, (await mark(body)).body]).toEqual([{ changed: 1 }, { changed: 0 }])
    expect((await mark({ ids: [ids[1]], reason: 'Also' })).body).toEqual({ changed: 1 })
    expect((await get(`/admin/unbilled?costCenterId=${id}`)).body.items).toEqual([])
    expect((await get(`/admin/timesheets/${ids[0]}`)).body.billedElsewhere).toMatchObject({
      by: 'ada@example.com',
      reason: 'On paper',
    })
    expect((await mark({ ids }, '/undo')).body).toEqual({ changed: 2 })
    expect((await get(`/admin/unbilled?costCenterId=${id}`)).body.totals.timesheets).toBe(2)
    expect((await get(`/admin/timesheets/${ids[0]}`)).body.billedElsewhere).toBeNull()
  })
})

describe('invoices', () => {
  it('are voided by a command of whoever asks, when they are in Xero', async () => {
    const { id, ids } = await centre([{}, {}])
    const issued = await invoice(id, 'AFO-00030', ids.slice(0, 1))
    const sending = await invoice(id, 'AFO-00031', ids.slice(1), 'sending')
    const { status, body } = await ask(rig, 'POST', `/admin/invoices/${issued.id}/void`)
    expect(status, JSON.stringify(body)).toBe(202)
    expect((await get(body.statusUrl)).body).toMatchObject({ name: 'invoices.void', body: { invoiceId: issued.id } })
    await rig.db.sql(`select sync_invoice_void($1::uuid, 'VOIDED', $2, true)`, [issued.id, body.id])
    expect((await get(`/admin/invoices/${issued.id}`)).body.voided.by).toBe('ada@example.com')
    const doubtful = await invoice(id, 'AFO-00032', [], 'unknown')
    expect((await ask(rig, 'POST', `/admin/invoices/${doubtful.id}/void`)).status, 'given up').toBe(202)
    expect(await ask(rig, 'POST', `/admin/invoices/${sending.id}/void`)).toMatchObject({
      status: 422,
      body: { code: 'not-issued' },
    })
    expect((await ask(rig, 'POST', `/admin/invoices/${unknownId}/void`)).status).toBe(404)
    expect((await ask(rig, 'POST', `/admin/invoices/${issued.id}/void`, { token: rig.tokens.accountant })).status).toBe(
      403,
    )
  })

  it('show what Xero was told and what it answered: of a batch, their own part', async () => {
    const { id, ids } = await centre([{}])
    const mine = await invoice(id, 'AFO-00040', ids)
    const call = (over: object) => ({
      at: '2026-11-23T02:00:00Z',
      tenantId: 't',
      service: 'invoicing',
      method: 'PUT',
      path: '/Invoices',
      endpoint: 'invoices',
      status: 200,
      outcome: 'ok',
      durationMs: 120,
      priority: 'invoice',
      correlationId: 'c',
      xeroCorrelationId: 'x',
      dayRemaining: 900,
      request: null,
      answer: null,
      ...over,
    })
    const two = { invoices: [{ invoiceNumber: 'AFO-00039' }, { invoiceNumber: 'AFO-00040', reference: 'PO' }] }
    const calls = [
      call({ status: null, outcome: 'unknown', request: two }),
      call({
        at: '2026-11-23T02:01:00Z',
        request: two,
        answer: { Invoices: [{ InvoiceNumber: 'AFO-00039' }, { InvoiceNumber: 'AFO-00040', Total: 109.83 }] },
      }),
      call({
        at: '2026-11-23T02:02:00Z',
        path: `/Invoices/${mine.xeroId}/History`,
        request: { historyRecords: [{ details: 'P - Labor' }] },
      }),
      call({ request: { invoices: [{ invoiceNumber: 'AFO-00041' }] } }),
    ]
    await rig.db.sql('select sync_calls_record($1)', [JSON.stringify(calls)])
    const { status, body } = await get(`/admin/invoices/${mine.id}/calls`)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.items).toMatchObject([
      { outcome: 'unknown', status: null, request: { invoiceNumber: 'AFO-00040', reference: 'PO' }, answer: null },
      { outcome: 'ok', request: { invoiceNumber: 'AFO-00040' }, answer: { InvoiceNumber: 'AFO-00040', Total: 109.83 } },
      { request: { historyRecords: [{ details: 'P - Labor' }] } },
    ])
    expect((await get(`/admin/invoices/${unknownId}/calls`)).status).toBe(404)
  })
})
