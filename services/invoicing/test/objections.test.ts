import { randomUUID } from 'node:crypto'
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
  lines: { net: string; accountName: string; taxName: string }[]
  objections: { code: string; blocks: boolean }[]
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

describe('what Xero would refuse is refused here first, with the same reason', () => {
  const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' }).format(new Date())
  test.each<[string, (job: { contactId: string | null; clientId: string }) => unknown]>([
    [
      'AFO-402',
      ({ contactId, clientId }) => {
        it.rig.xero.control.person().archiveContact(contactId ?? '')
        return it.rig.sql("update clients set xero_contact_status = 'ARCHIVED' where id = $1", [clientId])
      },
    ],
    ['AFO-408', () => it.rig.xero.control.setAccount({ Code: '200', Status: 'ARCHIVED' })],
    ['AFO-409', () => it.rig.xero.control.setTaxRate({ TaxType: 'OUTPUT2', Status: 'DELETED' })],
    ['AFO-410', () => it.rig.xero.control.setOrganisation({ PeriodLockDate: today() })],
  ])('%s', async (code, spoil) => {
    const job = await it.job({ sheets: [{ hours: '1' }] })
    // What we know of the organisation, from before it is spoilt: the claim goes out and Xero says no.
    await preview()
    const stale = await it.rig.sql<{ status: string | null }>(
      'select xero_contact_status as status from clients where id = $1',
      [job.clientId],
    )
    await spoil(job)
    await it.rig.sql('update clients set xero_contact_status = $1 where id = $2', [
      stale[0]?.status ?? null,
      job.clientId,
    ])
    expect(await it.create({ costCenterId: job.costCenterId })).toMatchObject({
      result: { refused: 1, held: [{ code }] },
    })

    // With fresh knowledge it isn't even tried.
    await it.rig.sql('delete from xero_reference')
    await spoil(job)
    it.rig.xero.control.clearCalls()
    const [shown] = await preview({ costCenterId: job.costCenterId })
    expect(shown).toMatchObject({ held: true, objections: [{ code, blocks: true }] })
    expect(await it.create({ costCenterId: job.costCenterId, force: [code] })).toMatchObject({
      result: { issued: 0, refused: 0, held: [{ code }] },
    })
    expect(it.rig.xero.control.callsByEndpoint()).not.toHaveProperty('PUT /Invoices')
  })
})

describe('our own caution holds, unless it is overruled', () => {
  test.each<[string, string, { hours: string; activity?: string }[]]>([
    ['AFO-404', "update cost_centers set po_expires_on = '2026-01-01' where id = $1", [{ hours: '1' }]],
    ['AFO-405', 'update cost_centers set po_amount = 1 where id = $1', [{ hours: '1' }]],
    ['AFO-406', 'select $1::uuid', [{ hours: '1' }, { hours: '1', activity: 'No rate' }]],
    ['AFO-414', 'select $1::uuid', [{ hours: '1' }, { hours: '-1' }]],
  ])('%s', async (code, spoil, sheets) => {
    const { costCenterId } = await it.job({ sheets })
    await it.rig.sql(spoil, [costCenterId])
    expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 0, held: [{ code }] } })
    expect((await it.failures()).map((f) => f.code)).toContain(code)
    expect(await it.create({ costCenterId, force: [code] })).toMatchObject({ result: { issued: 1, held: [] } })
    expect((await it.sheets(costCenterId)).filter((s) => s.invoiced)).toHaveLength(1)
    expect((await it.failures()).filter((f) => f.entity === 'cost-centre')).toEqual([])
  })

  test.each([
    ['AFO-403', { po: null, sheets: [{ hours: '1' }] }],
    ['AFO-412', { sheets: [{ hours: '1' }, { hours: '1', status: 'submitted' }] }],
  ])('%s only warns', async (code, job) => {
    const { costCenterId } = await it.job(job)
    expect((await preview({ costCenterId }))[0]).toMatchObject({ held: false, objections: [{ code, blocks: false }] })
    expect(await it.create({ costCenterId })).toMatchObject({ result: { issued: 1 } })
  })
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
    expect(await it.rig.run('invoices.check', { fresh: true })).toMatchObject({ result: { failing: 0, closed: 1 } })
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
