import { randomUUID } from 'node:crypto'
import { refused } from '@afo/billing'
import type { InvoiceWork } from '@afo/contracts'
import { freePort } from '@afo/sandbox/stack'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Company, company } from './company.js'

let it: Company
let url: string
const token = randomUUID()
beforeAll(async () => {
  const port = await freePort()
  it = await company({ environment: { SERVICE_TOKEN: token, PORT: String(port) } })
  url = `http://127.0.0.1:${port}`
})
afterAll(() => it?.rig.close())
beforeEach(async () => {
  await it.clear()
  it.rig.xero.control.setOrganisation({ PeriodLockDate: null, EndOfYearLockDate: null })
  it.rig.xero.control.setAccount({ Code: '200', Status: 'ACTIVE', Type: 'REVENUE' })
  it.rig.xero.control.setTaxRate({ TaxType: 'OUTPUT2', Status: 'ACTIVE', CanApplyTo: ['REVENUE'] })
})

interface Preview {
  number: string | null
  held: boolean
  total: string
  currency: string
  issuedOn: string
  dueOn: string
  contact: { contactId: string | null } | null
  lines: (Record<'description' | 'quantity' | 'unitPrice' | 'net' | 'accountCode' | 'taxType', string> & {
    accountName: string
    taxName: string
  })[]
  objections: { code: string; blocks: boolean; overrulable: boolean }[]
}
async function preview(query: Record<string, string> = {}): Promise<Preview[]> {
  const response = await fetch(`${url}/preview?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return ((await response.json()) as { invoices: Preview[] }).invoices
}

test('what the preview shows is what is made, to the cent and the number; it writes nothing and costs no call once warm', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '2.5833' }, { hours: '1', activity: 'Travel' }] })
  await preview()
  it.rig.xero.control.clearCalls()
  const [shown] = await preview({ costCenterId })
  expect(it.rig.xero.control.callsByEndpoint()).toEqual({})
  expect(await it.invoices()).toEqual([])
  expect(shown).toMatchObject({ held: false, objections: [{ code: 'AFO-421', blocks: false }] })
  expect(shown?.lines[0]).toMatchObject({ net: '246.71', accountName: expect.any(String), taxName: expect.any(String) })
  await it.create({ costCenterId })
  expect(await it.invoices()).toMatchObject([{ number: shown?.number, total: shown?.total }])
})

test('a preview of all numbers them in the order of their claims; what is held takes none', async () => {
  await it.job({ sheets: [{ hours: '1' }] })
  await it.job({ linked: false, sheets: [{ hours: '1' }] })
  await it.job({ sheets: [{ hours: '1' }] })
  const shown = await preview()
  await it.create()
  expect(shown.map((p) => p.number).filter((n) => n !== null)).toEqual((await it.invoices()).map((i) => i.number))
  expect(shown.map((p) => p.held)).toEqual([false, true, false])
})

test('the door is for services', async () => {
  expect((await fetch(`${url}/preview`)).status).toBe(401)
  expect((await fetch(`${url}/reference/accounts`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
})

const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' }).format(new Date())
type Job = Awaited<ReturnType<Company['job']>>

interface Row {
  readonly code: string
  /** What Xero itself says when the same invoice is put to it; absent where the caution is ours alone. */
  readonly xero?: RegExp
  /** stops: nobody overrules it. asks: a person may. warns: nothing is held for it. */
  readonly how: 'stops' | 'asks' | 'warns'
  readonly spoil?: (job: Job) => unknown
  readonly job?: Partial<Parameters<Company['job']>[0]>
}
const one = { hours: '1' }
const table: readonly Row[] = [
  { code: 'AFO-401', xero: /contact must be specified/i, how: 'stops', job: { linked: false } },
  {
    code: 'AFO-417',
    xero: /contact must be specified/i,
    how: 'stops',
    job: { linked: false },
    spoil: ({ clientId }) =>
      it.rig.sql("insert into xero_matches (client_id, reason, candidates) values ($1, 'name', '[]')", [clientId]),
  },
  {
    code: 'AFO-418',
    xero: /contact must be specified/i,
    how: 'stops',
    job: { linked: false },
    spoil: ({ clientId }) =>
      it.rig.sql(
        "insert into xero_failures (entity, entity_id, code, message) values ('client', $1, 'AFO-202', 'too long')",
        [clientId],
      ),
  },
  {
    // A person may bill an archived contact, an app may not: below.
    code: 'AFO-402',
    how: 'stops',
    spoil: ({ contactId, clientId }) => {
      it.rig.xero.control.person().archiveContact(contactId ?? '')
      return it.rig.sql("update clients set xero_contact_status = 'ARCHIVED' where id = $1", [clientId])
    },
  },
  {
    code: 'AFO-407',
    xero: /account code must be specified/i,
    how: 'stops',
    job: { sheets: [{ hours: '1', activity: 'Travel' }] },
    spoil: () => it.setting({ defaultAccountCode: null }),
  },
  {
    code: 'AFO-408',
    xero: /has been archived/i,
    how: 'stops',
    spoil: () => it.rig.xero.control.setAccount({ Code: '200', Status: 'ARCHIVED' }),
  },
  {
    code: 'AFO-409',
    xero: /TaxType code/i,
    how: 'stops',
    spoil: () => it.rig.xero.control.setTaxRate({ TaxType: 'OUTPUT2', Status: 'DELETED' }),
  },
  {
    code: 'AFO-410',
    xero: /lock date/i,
    how: 'stops',
    spoil: () => it.rig.xero.control.setOrganisation({ PeriodLockDate: today() }),
  },
  {
    code: 'AFO-411',
    xero: /not subscribed to currency/i,
    how: 'stops',
    spoil: async () => {
      await preview()
      await it.rig.sql(
        `update xero_reference set value = jsonb_set(value, '{baseCurrency}', 'null') where name = 'organisation'`,
      )
    },
  },
  { code: 'AFO-413', xero: /line items must be specified/i, how: 'stops', job: { sheets: [] } },
  {
    code: 'AFO-419',
    xero: /tracking/i,
    how: 'stops',
    spoil: ({ costCenterId }) =>
      it.rig.sql("update cost_centers set tracking_option = 'Nowhere' where id = $1", [costCenterId]),
  },
  {
    code: 'AFO-404',
    how: 'asks',
    spoil: ({ costCenterId }) =>
      it.rig.sql("update cost_centers set po_expires_on = '2026-01-01' where id = $1", [costCenterId]),
  },
  {
    code: 'AFO-405',
    how: 'asks',
    spoil: ({ costCenterId }) => it.rig.sql('update cost_centers set po_amount = 1 where id = $1', [costCenterId]),
  },
  { code: 'AFO-406', how: 'asks', job: { sheets: [one, { hours: '1', activity: 'No rate' }] } },
  { code: 'AFO-414', how: 'asks', job: { sheets: [one, { hours: '-1' }] } },
  { code: 'AFO-403', how: 'warns', job: { po: null } },
  { code: 'AFO-412', how: 'warns', job: { sheets: [one, { hours: '1', status: 'submitted' }] } },
  { code: 'AFO-421', how: 'warns', job: { sheets: [{ hours: '1', activity: 'Travel' }] } },
]

/** The invoice that the preview shows, as somebody would put it to Xero who overrules everything. */
const forced = (shown: Preview, option: string | null) => ({
  Type: 'ACCREC',
  Status: 'AUTHORISED',
  InvoiceNumber: `FORCED-${randomUUID()}`,
  Contact: { ContactID: shown.contact?.contactId ?? undefined },
  CurrencyCode: shown.currency || 'XXX',
  Date: shown.issuedOn,
  DueDate: shown.dueOn,
  LineItems: shown.lines.map((line) => ({
    Description: line.description,
    Quantity: Number(line.quantity),
    UnitAmount: Number(line.unitPrice),
    ...(line.accountCode ? { AccountCode: line.accountCode } : {}),
    TaxType: line.taxType,
    ...(option ? { Tracking: [{ Name: 'Region', Option: option }] } : {}),
  })),
})

describe('every objection: shown beforehand, refused by create with the same code; what Xero shares, Xero refuses for the same reason', () => {
  test.each(table)('$code $how', async ({ code, xero, how, spoil, job: over }) => {
    await it.rig.sql('delete from xero_matches')
    const job = await it.job({ sheets: [one], ...over })
    await spoil?.(job)
    const { costCenterId } = job
    if (code !== 'AFO-411') await it.rig.sql('delete from xero_reference')
    const [shown] = await preview({ costCenterId })
    const expected = { code, blocks: how !== 'warns', overrulable: how !== 'stops' }
    expect(shown?.objections).toContainEqual(expect.objectContaining(expected))
    expect(shown?.held).toBe(how !== 'warns')

    it.rig.xero.control.clearCalls()
    const held = { result: { issued: 0, refused: 0, held: [{ code, costCenterId }] } }
    if (how !== 'warns') {
      expect(await it.create({ costCenterId })).toMatchObject(held)
      if (how === 'stops') expect(await it.create({ costCenterId, force: [code] })).toMatchObject(held)
      expect(it.rig.xero.control.callsByEndpoint()).not.toHaveProperty('PUT /Invoices')
    }
    if (how !== 'stops') {
      expect(await it.create({ costCenterId, force: [code] })).toMatchObject({ result: { issued: 1, held: [] } })
      expect((await it.failures()).filter((f) => f.entity === 'cost-centre')).toEqual([])
    }
    if (xero && shown) {
      const words = refusalOf(() =>
        it.rig.xero.control.person().createInvoice(forced(shown, code === 'AFO-419' ? 'Nowhere' : null)),
      )
      expect(words).toMatch(xero)
      const told = refused({ id: costCenterId, fence: '1' } as InvoiceWork, [words])
      if (!['AFO-417', 'AFO-418'].includes(code)) expect(told).toMatchObject({ code })
    }
  })
})

/** Xero's words. */
function refusalOf(attempt: () => unknown): string {
  try {
    attempt()
  } catch (thrown) {
    return String(thrown)
  }
  return ''
}

describe('what changed behind our back is refused by Xero, and told by the same code', () => {
  test.each(table.filter(({ code }) => ['AFO-402', 'AFO-408', 'AFO-409', 'AFO-410'].includes(code)))(
    '$code',
    async ({ code, spoil }) => {
      const job = await it.job({ sheets: [one] })
      await preview()
      await spoil?.(job)
      await it.rig.sql("update clients set xero_contact_status = 'ACTIVE' where id = $1", [job.clientId])
      expect(await it.create({ costCenterId: job.costCenterId })).toMatchObject({
        result: { refused: 1, held: [{ code }] },
      })
    },
  )
})

describe('the sentinel', () => {
  const sentinel = async () =>
    (await fetch(`${url}/sentinel`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<{
      changes: object[]
      failing: object[]
    }>

  test('tells what changed in Xero and what would be refused for it now, and takes it back when it comes right', async () => {
    const { costCenterId } = await it.job({ sheets: [{ hours: '2' }] })
    await preview()
    it.rig.xero.control.setAccount({ Code: '200', Status: 'ARCHIVED' })
    expect(await it.rig.run('invoices.check', { fresh: true })).toMatchObject({ result: { checked: 1, failing: 1 } })
    expect(await it.failures()).toMatchObject([{ entity: 'cost-centre', entityId: costCenterId, code: 'AFO-408' }])
    expect(await sentinel()).toMatchObject({
      changes: [{ what: 'Account 200', field: 'status', was: 'ACTIVE', is: 'ARCHIVED' }],
      failing: [{ costCenterId, code: 'AFO-408', money: '219.65', title: 'The account can not be used' }],
    })
    it.rig.xero.control.setAccount({ Code: '200', Status: 'ACTIVE' })
    expect(await it.rig.run('invoices.check', { fresh: true })).toMatchObject({ result: { failing: 0 } })
    expect(await it.failures()).toEqual([])
    expect(await sentinel()).toMatchObject({ failing: [] })
  })

  test('whoever comes upon a change, it is checked by itself', async () => {
    await it.job({ sheets: [{ hours: '2' }] })
    await preview()
    it.rig.xero.control.setOrganisation({ PeriodLockDate: '2099-12-31' })
    await it.rig.sql("update xero_reference set fetched_at = now() - interval '1 day'")
    await preview()
    await it.rig.until('the check', async () => (await it.failures()).some(({ code }) => code === 'AFO-410'))
    it.rig.xero.control.clearCalls()
    expect(await it.rig.run('invoices.check', {})).toMatchObject({ result: { failing: 1 } })
    expect(it.rig.xero.control.callsByEndpoint()).toEqual({})
  })
})
