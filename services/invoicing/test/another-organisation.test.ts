import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Company, company } from './company.js'

// Another organisation is chosen while work for the one before is on its way: nothing of that one is kept, and nothing is sent by it.
let it: Company
let ours: string
beforeAll(async () => {
  it = await company({ timeScale: 60 })
  ours = it.rig.xero.control.organisations()[0]?.OrganisationID ?? ''
})
afterAll(() => it?.rig.close())
beforeEach(async () => {
  await choose(ours)
  await it.clear()
})

const choose = (tenantId: string) => it.rig.sql('update xero_tokens set tenant_id = $1 where selected', [tenantId])
const hold = (path: string) => it.rig.hold({ match: { method: 'GET', path } })

test('what was read of the one before is not kept as the one in use', async () => {
  await it.job({ sheets: [{ hours: '1' }] })
  const { met, letGo } = hold('/Organisation')
  const running = it.create()
  await it.rig.until('the call', () => met() === 1)
  await choose('another')
  letGo()
  await it.rig.until('the refusal', () =>
    it.rig.replicas[0]?.lines.some((line) => line.includes('organisation-changed')),
  )
  expect(await it.rig.sql('select name from xero_reference')).toEqual([])
  await choose(ours)
  expect(await running).toMatchObject({ state: 'done', result: { issued: 1 } })
})

test('nothing is claimed by the accounts of the one before', async () => {
  await expect(it.rig.sql(`select sync_invoice_claim('{"tenantId": "another"}')`)).rejects.toThrow(
    'organisation-changed',
  )
})

test('an invoice is not void because the next organisation does not know it', async () => {
  const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
  await it.create()
  await it.settled()
  const [invoice] = await it.invoices()
  it.rig.xero.control.world.stores[0]?.invoices.delete(invoice?.xeroInvoiceId ?? '')
  const { met, letGo } = hold('/Invoices')
  const running = it.rig.run('invoices.void', { invoiceId: invoice?.id })
  await it.rig.until('the call', () => met() === 1)
  await it.rig.sql('update invoices set xero_invoice_id = null')
  letGo()
  expect(await running).toMatchObject({ state: 'failed', problem: { code: 'not-issued' } })
  expect(await it.invoices()).toMatchObject([{ state: 'issued' }])
  expect(await it.sheets(costCenterId)).toMatchObject([{ invoiced: true }])
})
