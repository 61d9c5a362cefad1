import { createSettings } from '@afo/service'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createStore } from '../src/adapters/store.js'
import { resume } from '../src/handlers/linked.js'
import { type Company, company } from './company.js'

let it: Company
beforeAll(async () => {
  it = await company()
})
afterAll(() => it?.rig.close())
beforeEach(() => it.clear())

test('approved hours become one invoice: lines, totals, reference, note; the timesheets are invoiced', async () => {
  const { costCenterId, contactId, code } = await it.job({
    po: 'PO-10441',
    sheets: [
      { hours: '2.25', date: '2026-11-02' },
      { hours: '0.3333', date: '2026-11-01' },
      { hours: '1.5', rate: '101.1111' },
      { hours: '4', activity: 'Travel' },
      { hours: '8', status: 'submitted' },
      { hours: '8', date: '2025-12-31' },
    ],
  })
  const ended = await it.create({ costCenterId })
  expect(ended).toMatchObject({ state: 'done', result: { issued: 1, refused: 0, pending: 0, failed: 0, held: [] } })
  await it.settled()

  const [invoice] = await it.invoices()
  // 2.5833 x 95.50 = 246.71 (246.70515), 1.5 x 101.1111 = 151.67 (151.66665), 4 x 62.25 = 249.00; tax of each line at 15 %: 37.01 + 22.75 + 37.35
  expect(invoice).toMatchObject({ number: 'AFO-00001', state: 'issued', net: '647.38', tax: '97.11', total: '744.49' })
  const [document] = it.documents()
  expect(document).toMatchObject({
    InvoiceID: invoice?.xeroInvoiceId,
    InvoiceNumber: 'AFO-00001',
    Reference: 'PO-10441',
    ContactID: contactId,
    Status: 'AUTHORISED',
    SubTotal: '647.38',
    TotalTax: '97.11',
    Total: '744.49',
  })
  expect(document?.LineItems.map((l) => [l.Description, l.Quantity, l.UnitAmount, l.LineAmount, l.ItemCode])).toEqual([
    ['Electrician', '2.5833', '95.5000', '246.71', 'LAB'],
    ['Electrician', '1.5000', '101.1111', '151.67', 'LAB'],
    ['Travel', '4.0000', '62.2500', '249.00', undefined],
  ])
  const notes = document?.History.filter((h) => h.Details.startsWith(code)) ?? []
  expect(notes.map((n) => n.Details)).toEqual([`${code} - Labor (2026-11-01 to 2026-11-02, 4 timesheets)`])
  expect((await it.sheets(costCenterId)).filter((s) => s.invoiced)).toHaveLength(4)
  await it.rig.until('invoice.issued', () =>
    it.rig.said.some((m) => m.name === 'invoice.issued' && m.body.number === 'AFO-00001'),
  )
  expect(it.rig.xero.control.callsByEndpoint()).toEqual({
    'GET /Accounts': 1,
    'GET /Organisation': 1,
    'GET /TaxRates': 1,
    'GET /TrackingCategories': 1,
    'PUT /Invoices': 1,
    'PUT /Invoices/{id}/History': 1,
  })
})

test('a second time there is nothing to bill', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create({ costCenterId })
  expect(await it.create({ costCenterId })).toMatchObject({
    state: 'done',
    result: { issued: 0, held: [{ code: 'AFO-413' }] },
  })
  expect(it.documents().filter((d) => d.Reference === 'PO-1')).not.toHaveLength(2)
})

test('one refused invoice never stops its neighbours; its hours are free, its number is kept for the next claim', async () => {
  const good = await it.job({ sheets: [{ hours: '1' }] })
  const bad = await it.job({ sheets: [{ hours: '2' }] })
  const fine = await it.job({ sheets: [{ hours: '3' }] })
  it.rig.xero.control.person().archiveContact(bad.contactId ?? '')
  const before = it.documents().length
  const ended = await it.create()
  expect(ended).toMatchObject({ state: 'done', result: { issued: 2, refused: 1, held: [{ code: 'AFO-402' }] } })
  const rows = await it.invoices()
  expect(rows.map((r) => r.state)).toEqual(['issued', 'refused', 'issued'])
  expect(await it.sheets(bad.costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  expect(await it.failures()).toMatchObject([
    { entity: 'invoice', code: 'AFO-402', message: expect.stringContaining('archived') },
  ])

  it.rig.xero.control.person().restoreContact(bad.contactId ?? '')
  expect(await it.create()).toMatchObject({ result: { issued: 1, refused: 0 } })
  const after = await it.invoices()
  expect(after.map((r) => [r.number, r.state])).toEqual(rows.map((r) => [r.number, 'issued']))
  expect(await it.failures()).toEqual([])
  expect(it.documents().length - before).toBe(3)
  expect([good, fine].length).toBe(2)
})

test('a client without a contact: contact-sync is asked, billing goes on when the contact is there', async () => {
  const { costCenterId, clientId, client } = await it.job({ linked: false, sheets: [{ hours: '1' }] })
  expect(await it.create({ costCenterId, dueDate: '2026-12-24' })).toMatchObject({
    state: 'done',
    result: { issued: 0, held: [{ code: 'AFO-401', what: expect.stringContaining(client) }] },
  })
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  const contactId = await it.link(clientId, client)
  await it.rig.send({ name: 'contact.linked', key: clientId, body: { clientId, contactId } })
  await it.rig.until('the invoice', async () => (await it.invoices())[0]?.state === 'issued')
  expect(await it.invoices()).toMatchObject([{ costCenterId, dueOn: '2026-12-24' }])
  expect(await it.rig.sql('select 1 from invoice_waits')).toEqual([])
})

test('what goes on weeks later is not what was overruled then, nor overdue on its first day', async () => {
  const [forced, late] = [
    await it.job({ linked: false, sheets: [{ hours: '1' }] }),
    await it.job({ linked: false, sheets: [{ hours: '1' }] }),
  ]
  await it.rig.sql("update cost_centers set po_expires_on = '2020-01-01' where id = $1", [forced.costCenterId])
  await it.create({ costCenterId: forced.costCenterId, force: ['AFO-404'] })
  await it.create({ costCenterId: late.costCenterId, dueDate: '2020-01-31', status: 'DRAFT' })
  expect(await it.rig.sql('select 1 from invoice_waits')).toHaveLength(2)
  for (const { clientId, client } of [forced, late]) {
    const contactId = await it.link(clientId, client)
    await it.rig.send({ name: 'contact.linked', key: clientId, body: { clientId, contactId } })
  }
  await it.rig.until('the question', async () => (await it.failures()).some(({ code }) => code === 'AFO-404'))
  await it.rig.until('the invoice', async () => (await it.invoices()).some(({ state }) => state === 'issued'))
  const [invoice, ...others] = await it.invoices()
  expect([invoice?.costCenterId, others]).toEqual([late.costCenterId, []])
  expect(Date.parse(invoice?.dueOn ?? '')).toBeGreaterThan(Date.now())
  expect(it.documents().find(({ InvoiceID }) => InvoiceID === invoice?.xeroInvoiceId)?.Status).toBe('DRAFT')
})

test('switched off, what waits for a contact goes on waiting', async () => {
  const { clientId, client } = await it.job({ linked: false, sheets: [{ hours: '1' }] })
  await it.create()
  await it.switched(false)
  await it.link(clientId, client)
  const commands: unknown[] = []
  const ports = { store: createStore(it.rig.db), settings: createSettings(it.rig.db), zone: 'UTC' }
  const command = async (asked: unknown) => commands.push(asked)
  await resume({ ...ports, now: () => new Date().toISOString(), command }, clientId)
  expect([commands, await it.rig.sql('select 1 from invoice_waits')]).toMatchObject([[], [{}]])
  await it.switched(true)
  await it.rig.until('the invoice', async () => (await it.invoices())[0]?.state === 'issued')
})

test('switched off, what is claimed and was never sent stays so; switched on, it goes by itself', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  const match = { method: 'PUT', path: '/Invoices(\\?|$)' }
  it.rig.xero.control.addFault({ kind: 'rate-limit-minute', times: 0, ms: 1_000, match })
  const running = it.create({ costCenterId })
  const puts = () => it.rig.xero.control.callsByEndpoint()['PUT /Invoices'] ?? 0
  const mine = await it.rig.until('a claim that could not be sent', async () => {
    const [invoice] = await it.invoices()
    return puts() > 0 && invoice?.state === 'claimed' && invoice
  })
  await it.switched(false)
  expect(await running).toMatchObject({ state: 'failed', problem: { code: 'switched-off' } })
  it.rig.xero.control.clearFaults()
  const before = puts()

  const [held] = await it.rig.sql<{ fence: string; gap: string }>(
    "update invoices set wait_until = now() - interval '1 second' returning fence::text, sync_invoice_gap(invoices) as gap",
  )
  expect(held?.gap).toBe('Waits: invoicing is switched off in the settings')
  expect(await it.rig.db.rpc('sync_invoices_stale', { p_again_ms: 0, p_note_again_ms: 0, p_limit: 9 })).toEqual([])
  // Whoever looks at it all the same lets go of it again.
  await it.rig.send({ name: 'invoices.settle', key: 'k', body: { invoiceIds: [mine.id ?? ''] } })
  await it.rig.until(
    'a look at it',
    async () =>
      (
        await it.rig.sql('select 1 from invoices where fence > $1 and coalesce(wait_until, now()) <= now()', [
          held?.fence ?? '',
        ])
      )[0],
  )
  expect(await it.invoices()).toMatchObject([{ number: mine.number, state: 'claimed', sends: '0' }])
  expect(puts()).toBe(before)

  await it.switched(true)
  await it.rig.until('the invoice', async () => (await it.invoices())[0]?.state === 'issued', 40_000)
  expect(it.documents().filter(({ InvoiceNumber }) => InvoiceNumber === mine.number)).toHaveLength(1)
})

test('a wish for a contact that was lost with Redis is made again', async () => {
  const { costCenterId, clientId } = await it.job({ linked: false, sheets: [{ hours: '1' }] })
  await it.create({ costCenterId })
  const asked = () =>
    it.rig.sql<{ at: string }>('select asked_at::text as at from invoice_waits where client_id = $1', [clientId])
  const [first] = await asked()
  await it.rig.until('a second wish', async () => (await asked())[0]?.at !== first?.at)
})

test('the sweep finds a wait whose fact was lost', async () => {
  const { costCenterId, clientId, client } = await it.job({ linked: false, sheets: [{ hours: '1' }] })
  await it.create({ costCenterId })
  await it.link(clientId, client)
  await it.rig.until('the invoice', async () => (await it.invoices())[0]?.state === 'issued')
})

test.each([
  [
    'AFO-417',
    (id: string) =>
      it.rig.sql("insert into xero_matches (client_id, reason, candidates) values ($1, 'name', '[]')", [id]),
  ],
  [
    'AFO-418',
    (id: string) =>
      it.rig.sql(
        "insert into xero_failures (entity, entity_id, code, message) values ('client', $1, 'AFO-202', 'too long')",
        [id],
      ),
  ],
])('%s: what a person has to decide about the client holds the invoice, and says so', async (code, hold) => {
  const { costCenterId, clientId } = await it.job({ linked: false, sheets: [{ hours: '1' }] })
  await hold(clientId)
  expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 0, held: [{ code, costCenterId }] } })
  expect(await it.rig.sql('select cost_center_id::text from invoice_waits')).toEqual([{ cost_center_id: costCenterId }])
  expect((await it.failures()).map((f) => f.code)).toContain(code)
})

test('what was billed elsewhere is never billed here: one, or all up to a day; taken back, it is billable again', async () => {
  const { costCenterId } = await it.job({
    sheets: [
      { hours: '1', date: '2026-10-30' },
      { hours: '2', date: '2026-11-02' },
    ],
  })
  const mark = (over: object) =>
    it.rig.db.rpc('sync_timesheets_billed_elsewhere', {
      p_ids: null,
      p_cost_center_id: costCenterId,
      p_up_to: '2026-10-31',
      p_elsewhere: true,
      p_by: 'test',
      p_reason: 'Before go-live',
      ...over,
    })
  await expect(mark({ p_up_to: null })).rejects.toMatchObject({ kind: 'invalid', code: 'too-much' })
  expect([await mark({}), await mark({})]).toEqual([1, 0])
  await it.create({ costCenterId })
  expect(await it.invoices()).toMatchObject([{ net: '191.00' }])
  expect(await mark({ p_up_to: '2026-12-31' })).toBe(0)
  expect(await mark({ p_elsewhere: false })).toBe(1)
  await it.create({ costCenterId })
  expect(await it.invoices()).toMatchObject([{ net: '191.00' }, { net: '95.50' }])
})

test('an invoice that does not add up holds its own cost centre; its neighbours are billed', async () => {
  const bad = await it.job({ po: 'BAD', sheets: [{ hours: '1' }] })
  const good = await it.job({ sheets: [{ hours: '1' }] })
  // The planner has no such defect, so the database's arithmetic is given one.
  const { rig } = it
  await rig.sql('alter function sync_invoice_balance(jsonb, numeric) rename to sync_invoice_balance_true')
  await rig.sql(`create function sync_invoice_balance(c jsonb, p_worth numeric) returns void language plpgsql as $$ begin
    if c ->> 'reference' = 'BAD' then perform sync_fail(422, 'unbalanced', 'off by a cent'); end if;
    perform sync_invoice_balance_true(c, p_worth); end $$`)
  try {
    expect(await it.create()).toMatchObject({
      state: 'done',
      result: { issued: 1, held: [{ code: 'AFO-422', costCenterId: bad.costCenterId }] },
    })
  } finally {
    await rig.sql('drop function sync_invoice_balance(jsonb, numeric)')
    await rig.sql('alter function sync_invoice_balance_true(jsonb, numeric) rename to sync_invoice_balance')
  }
  expect((await it.sheets(good.costCenterId)).map((s) => s.invoiced)).toEqual([true])
  expect(await it.sheets(bad.costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  expect(await it.failures()).toMatchObject([{ entity: 'cost-centre', code: 'AFO-422' }])
  expect(await it.create()).toMatchObject({ result: { issued: 1, held: [] } })
  expect(await it.failures()).toEqual([])
})

test('unless the admin says otherwise, billing begins with the day of the first connection, whatever the request asks', async () => {
  await it.setting({ billFrom: null })
  await it.rig.sql(
    `insert into xero_tokens (tenant_id, access_token, refresh_token, expires_at, created_at) values
       ('first', 'x', 'x', now(), '2026-11-01T12:00:00Z'), ('second', 'x', 'x', now(), '2026-11-09T12:00:00Z')`,
  )
  try {
    const { costCenterId } = await it.job({
      // In Auckland it was the 2nd already.
      sheets: [
        { hours: '1', date: '2026-11-01' },
        { hours: '2', date: '2026-11-02' },
        { hours: '4', date: '2026-11-20' },
      ],
    })
    await it.create({ costCenterId, from: '2026-01-01', to: '2026-11-19' })
    expect(await it.invoices()).toMatchObject([{ state: 'issued', net: '191.00' }])
    await it.create()
    expect(await it.invoices()).toMatchObject([{ net: '191.00' }, { net: '382.00' }])
    expect((await it.sheets(costCenterId)).map((s) => s.invoiced)).toEqual([false, true, true])
  } finally {
    await it.rig.sql('delete from xero_tokens where not selected')
  }
})

test("hours of more than 4 places, as an older database's column may hold, are not rounded in silence", async () => {
  // Postgres changes no column that a trigger names.
  const triggers = await it.rig.sql<{ tgname: string; definition: string }>(
    "select tgname, pg_get_triggerdef(oid) as definition from pg_trigger where tgrelid = 'timesheets'::regclass and not tgisinternal",
  )
  for (const { tgname } of triggers) await it.rig.sql(`drop trigger ${tgname} on timesheets`)
  await it.rig.sql('alter table timesheets alter column hours type numeric')
  try {
    const { costCenterId } = await it.job({ sheets: [{ hours: '1.33333' }, { hours: '2.50000' }] })
    expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 0, held: [{ code: 'AFO-414' }] } })
    expect(await it.create({ costCenterId, force: ['AFO-414'] })).toMatchObject({ result: { issued: 1 } })
    expect(await it.invoices()).toMatchObject([{ net: '238.75' }])
  } finally {
    await it.rig.sql('delete from timesheets')
    await it.rig.sql('alter table timesheets alter column hours type numeric(8, 4)')
    for (const { definition } of triggers) await it.rig.sql(definition)
  }
})
