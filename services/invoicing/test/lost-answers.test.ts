import type { FaultKind } from '@afo/sandbox/xero'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Company, company } from './company.js'

// A minute is a second here: Xero forgets a key after 6 s, and a new one is used after 6.25 s.
let it: Company
beforeAll(async () => {
  it = await company({ timeScale: 60 })
})
afterAll(() => it?.rig.close())
beforeEach(() => it.clear())

/** Every hour is on exactly one invoice, each invoice is in Xero once with one note, totals agree. */
async function agrees(codes: readonly string[]) {
  const [rows, documents] = [await it.invoices(), await it.inXero()]
  const numbers = rows.map((r) => r.number)
  expect(rows.map((r) => [r.number, r.state, r.total])).toEqual(
    numbers.map((n) => [n, 'issued', documents.find((d) => d.InvoiceNumber === n)?.Total]),
  )
  expect(documents.map((d) => d.InvoiceNumber).sort()).toEqual([...numbers].sort())
  for (const document of documents) {
    expect(document.History.filter((h) => codes.some((code) => h.Details.startsWith(`${code} - `)))).toHaveLength(1)
  }
  const sheets = await it.rig.sql<{ invoiced: boolean; invoice_id: string | null }>(
    'select invoiced, invoice_id::text from timesheets',
  )
  expect(sheets.every((s) => s.invoiced && s.invoice_id !== null)).toBe(true)
}

const after: FaultKind[] = [
  'error-500-after-commit',
  'reset-after-commit',
  'garbage-200-after-commit',
  'timeout-after-commit',
]
const before: FaultKind[] = ['error-500', 'error-503', 'reset-before', 'html-200', 'timeout-before']

test('every way of losing the answer to an invoice or its note, all at once: each in Xero once', {
  timeout: 120_000,
}, async () => {
  const codes: string[] = []
  const add = async (kind: FaultKind, path: string) => {
    const job = await it.job({
      po: path === '/History' ? null : `PO ${kind}`,
      sheets: [{ hours: '1.3333' }, { hours: '2', activity: 'Travel' }],
    })
    codes.push(job.code)
    const body = path === '/History' ? `${job.code} - Labor` : `PO ${kind}`
    it.rig.xero.control.addFault({ kind, match: { method: 'PUT', path, body } })
    return job.costCenterId
  }
  const onInvoices = await Promise.all([...after, ...before].map((kind) => add(kind, '/Invoices(\\?|$)')))
  const onNotes = await Promise.all([...after, ...before].map((kind) => add(kind, '/History')))
  const ended = await Promise.all([...onInvoices, ...onNotes].map((costCenterId) => it.create({ costCenterId })))
  expect(ended.map((e) => [e.state, e.result?.refused, e.result?.held])).toEqual(ended.map(() => ['done', 0, []]))
  await it.settled(100_000)
  await agrees(codes)
  expect(await it.failures()).toEqual([])
  expect(it.rig.xero.control.faults()).toEqual([])
})

test('a batch whose answer is lost is reconciled number by number', async () => {
  const jobs = [
    await it.job({ sheets: [{ hours: '1' }] }),
    await it.job({ sheets: [{ hours: '0.25', rate: '33.3333' }] }),
  ]
  it.rig.xero.control.addFault({ kind: 'reset-after-commit', match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  expect(await it.create()).toMatchObject({ state: 'done', result: { issued: 2, refused: 0, held: [] } })
  await it.settled()
  await agrees(jobs.map((j) => j.code))
  expect(it.rig.xero.control.callsByEndpoint()).toMatchObject({ 'PUT /Invoices': 1, 'GET /Invoices': 1 })
})

test('the answer is lost again and again: never blindly sent twice', async () => {
  const { code } = await it.job({ sheets: [{ hours: '1' }] })
  it.rig.xero.control.addFault({ kind: 'reset-before', times: 3, match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  await it.create()
  await it.settled()
  await agrees([code])
})

test('while it is not known, the failed inbox says so and the hours stay claimed', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  it.rig.xero.control.addFault({ kind: 'error-500', times: 2, match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  expect(await it.create()).toMatchObject({ result: { issued: 0, pending: 1 } })
  expect(await it.failures()).toMatchObject([{ code: 'AFO-416' }])
  expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 0, held: [{ code: 'AFO-413' }] } })
  await it.settled()
  expect(await it.failures()).toEqual([])
})

test('a refusal after a request that was never answered frees nothing while that one may still arrive', async () => {
  const { costCenterId, contactId } = await it.job({ sheets: [{ hours: '1' }] })
  it.rig.xero.control.addFault({ kind: 'reset-before', times: 2, match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  expect(await it.create()).toMatchObject({ result: { issued: 0, pending: 1 } })
  it.rig.xero.control.person().archiveContact(contactId ?? '')
  // The key is dead by now, so that the next request goes under a new one.
  await it.sentAgo(10)
  await it.rig.until('the refusal', async () =>
    (await it.failures()).some(({ code, message }) => code === 'AFO-416' && message?.includes('archived')),
  )
  expect(await it.invoices()).toMatchObject([{ state: 'unknown' }])
  expect((await it.sheets(costCenterId)).map((s) => s.invoice_id !== null)).toEqual([true])
  expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 0, held: [{ code: 'AFO-413' }] } })
  await it.sentAgo(60)
  await it.rig.until('the end', async () => (await it.invoices()).every(({ state }) => state === 'refused'))
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
  expect(await it.failures()).toMatchObject([{ code: 'AFO-402', message: expect.stringContaining('archived') }])
})

test('a repeat that is refused frees nothing where an earlier send went under another key', async () => {
  await it.job({ sheets: [{ hours: '1' }] })
  it.rig.xero.control.addFault({ kind: 'reset-before', match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  it.rig.xero.control.addFault({ kind: 'error-503', times: 4, match: { method: 'GET', path: '/Invoices' } })
  const running = it.create()
  const contact = await it.rig.until('the send', async () => {
    const [sent] = await it.rig.sql<{ id: string }>('select contact_id as id from invoices where sends = 1')
    return sent
  })
  it.rig.xero.control.person().archiveContact(contact.id)
  await it.rig.sql('update invoices set sends = 2')
  expect(await running).toMatchObject({ result: { issued: 0, refused: 0, pending: 1 } })
  await it.rig.until('the refusal', async () =>
    (await it.failures()).some(({ code, message }) => code === 'AFO-416' && message?.includes('archived')),
  )
  expect(await it.invoices()).toMatchObject([{ state: 'unknown' }])
})

test('sent to an organisation that is not in use any more: neither sent to this one nor forgotten', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  it.rig.xero.control.addFault({ kind: 'reset-before', times: 2, match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  expect(await it.create()).toMatchObject({ result: { pending: 1 } })
  const puts = () => it.rig.xero.control.callsByEndpoint()['PUT /Invoices']
  const before = puts()
  await it.rig.sql("update invoices set sent_tenant = 'the one before ' || sent_tenant")
  // What this organisation has under the number, void or not, is nothing to it.
  const { ContactID } = it.rig.xero.control.person().createContact({ Name: 'Stranger' })
  const stranger = it.rig.xero.control.person().createInvoice({
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    InvoiceNumber: (await it.invoices())[0]?.number,
    Contact: { ContactID },
    DueDate: '2026-12-31',
    LineItems: [{ Description: 'Theirs', Quantity: 1, UnitAmount: 9, AccountCode: '200' }],
  })
  it.rig.xero.control.person().editInvoice(stranger.InvoiceID, { Status: 'VOIDED' })
  await it.sentAgo(60)
  const told = () => it.failures()
  await it.rig.until('a look', async () => (await told()).some(({ message }) => message?.includes('one before')))
  expect(await told()).toMatchObject([{ code: 'AFO-416' }])
  expect(await it.invoices()).toMatchObject([{ state: 'unknown' }])
  expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 0, held: [{ code: 'AFO-413' }] } })
  expect(puts()).toBe(before)
  // The database wouldn't let it go either.
  const held = `select sync_invoices_sending(jsonb_build_object('batchId', gen_random_uuid(), 'key', 'k', 'leaseMs', 0, 'invoices',
    jsonb_agg(jsonb_build_object('id', id, 'fence', fence::text, 'body', '')))::text) as ids from invoices`
  expect(await it.rig.sql(held)).toEqual([{ ids: [] }])
  const gap = 'select sync_invoice_gap(i) as why from invoices i'
  expect(await it.rig.sql(gap)).toEqual([{ why: expect.stringContaining('another organisation') }])

  await it.rig.sql("update invoices set sent_tenant = replace(sent_tenant, 'the one before ', '')")
  await it.sentAgo(60)
  await it.settled()
  expect(await it.inXero()).toHaveLength(1)
})

test('voided in Xero before its answer was found: it bills nobody, and its hours are free', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  it.rig.xero.control.addFault({ kind: 'reset-after-commit', match: { method: 'PUT', path: '/Invoices(\\?|$)' } })
  it.rig.xero.control.addFault({ kind: 'error-503', times: 4, match: { method: 'GET', path: '/Invoices' } })
  const running = it.create()
  const mine = await it.rig.until('the document', async () => (await it.inXero())[0])
  it.rig.xero.control.person().editInvoice(mine.InvoiceID, { Status: 'VOIDED' })
  await running
  await it.rig.until('the end', async () => (await it.invoices()).every(({ state }) => state === 'voided'), 40_000)
  expect(await it.sheets(costCenterId)).toEqual([{ invoiced: false, invoice_id: null }])
})

test('switched off, what may be in Xero is looked up and settled, and nothing is sent anew until it is on again', async () => {
  for (const hours of ['1', '2', '3']) await it.job({ sheets: [{ hours }] })
  await it.create()
  await it.settled()
  const [, recent, old] = await it.invoices()
  // As if no answer had come: to one that is in Xero, to one that isn't and may be sent again under its key, to one whose key is dead.
  await it.rig.sql("update invoices set number = 'Z' || number, reference = 'Z' where id in ($1, $2)", [
    recent?.id ?? '',
    old?.id ?? '',
  ])
  await it.rig.sql('update timesheets set invoiced = false')
  await it.switched(false)
  await it.rig.sql(
    `update invoices set state = 'unknown', xero_invoice_id = null, asked_at = null, wait_until = now() - interval '1 second',
       sent_at = now() - case when id = $1 then interval '10 seconds' else interval '0 seconds' end`,
    [old?.id ?? ''],
  )
  const puts = () => it.rig.xero.control.callsByEndpoint()['PUT /Invoices']
  const before = puts()
  const told = async () => (await it.failures()).filter(({ message }) => message?.includes('switched off'))
  await it.rig.until('a look at both that are absent', async () => (await told()).length === 2, 40_000)
  expect((await it.invoices()).map(({ state }) => state)).toEqual(['issued', 'unknown', 'unknown'])
  expect(puts()).toBe(before)
  await it.switched(true)
  await it.rig.sql("update invoices set wait_until = now(), asked_at = null where state = 'unknown'")
  await it.settled()
  expect((await it.invoices()).map(({ state }) => state)).toEqual(['issued', 'issued', 'issued'])
  expect(await it.inXero()).toHaveLength(3)
  expect(await it.failures()).toEqual([])
})
