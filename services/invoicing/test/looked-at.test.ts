import { type FailureContext, planRetry } from '@afo/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, company } from './company.js'

let it: Company
beforeAll(async () => {
  it = await company()
})
afterAll(() => it?.rig.close())

test('an invoice of another total than somebody looked at is held until it is looked at again', async () => {
  const { costCenterId, clientId } = await it.job({ sheets: [{ hours: '1' }] })
  const longer = (hours: string) =>
    it.rig.sql('update timesheets set hours = $2 where cost_center_id = $1', [costCenterId, hours])
  const inbox = async () => (await it.failures()).map(({ code, message }) => [code, message])
  const held = ['AFO-425', '219.65 now, 109.83 when it was looked at']

  await longer('2')
  expect(await it.create({ costCenterId, expectedTotal: '109.83' })).toMatchObject({
    result: { issued: 0, held: [{ code: 'AFO-425', costCenterId }] },
  })
  expect(await it.invoices()).toEqual([])
  expect(await inbox()).toEqual([held])
  const row = { entity: 'cost-centre', code: 'AFO-425', state: 'open', costCenterId, invoice: null, command: null }
  expect(planRetry(row as FailureContext, undefined)).toMatchObject({ outcome: 'nothing' })

  // Planned anew for a change that closes failures of other causes.
  await it.rig.sql(
    "insert into xero_failures (entity, entity_id, code, message, client_id, recheck) values ('cost-centre', $1, 'AFO-407', 'x', $2, true)",
    [costCenterId, clientId],
  )
  await it.rig.sql('update xero_failures set recheck = true')
  await it.rig.until('the other to close', async () => (await it.failures()).length === 1, 30_000)
  expect(await inbox()).toEqual([held])

  expect(await it.create({ costCenterId, expectedTotal: '219.6500' })).toMatchObject({
    result: { issued: 1, held: [] },
  })
  expect(await inbox()).toEqual([])
})
