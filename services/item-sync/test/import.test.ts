import { type ServiceRig, serviceRig } from '@afo/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { itemSync } from '../src/service.js'

let rig: ServiceRig
beforeAll(async () => {
  rig = await serviceRig(itemSync, {
    xero: { organisations: [{ tenantId: crypto.randomUUID(), name: 'Bare', seed: 'bare' }] },
  })
})
afterAll(() => rig?.close())
beforeEach(async () => {
  await rig.sql('delete from activity_types')
  await rig.sql('delete from xero_failures')
  for (const { ItemID } of rig.xero.control.world.stores[0]?.items.sorted() ?? [])
    rig.xero.control.person().removeItem(ItemID)
})

const activities = () =>
  rig.sql<Record<string, string | boolean | null>>(
    `select id::text, name, default_rate::text as rate, xero_item_id, xero_item_code as code, managed_by_xero, description, account_code, tax_type,
       missing_in_xero_at is not null as missing, updated_at::text, xmin::text from activity_types order by name`,
  )
const item = (over: object) =>
  rig.xero.control.person().createItem({
    Code: 'LAB',
    Name: 'Labour',
    IsSold: true,
    SalesDetails: { UnitPrice: 85.1234, AccountCode: '200', TaxType: 'OUTPUT2' },
    ...over,
  })

test('sold items become activity types, priced to the fourth decimal, in one call', async () => {
  item({ Description: 'On site' })
  item({ Code: 'NAILS', Name: 'Nails', IsSold: false, IsPurchased: true, SalesDetails: {} })
  rig.xero.control.clearCalls()
  expect(await rig.run('items.import')).toMatchObject({
    state: 'done',
    result: { added: 1, failed: 0, summary: '1 added' },
  })
  expect(await activities()).toMatchObject([
    {
      name: 'Labour',
      rate: '85.1234',
      code: 'LAB',
      managed_by_xero: true,
      description: 'On site',
      account_code: '200',
      tax_type: 'OUTPUT2',
      missing: false,
    },
  ])
  expect(rig.xero.control.callsByEndpoint()).toEqual({ 'GET /Items': 1 })
})

test('a second import writes nothing', async () => {
  item({})
  await rig.run('items.import')
  const before = await activities()
  expect(await rig.run('items.import')).toMatchObject({ result: { unchanged: 1, added: 0, updated: 0 } })
  expect(await activities()).toEqual(before)
})

test('a changed item is updated; columns of our own stay', async () => {
  const { ItemID } = item({})
  await rig.run('items.import')
  await rig.sql('alter table activity_types add column if not exists colour text')
  await rig.sql("update activity_types set colour = 'red'")
  rig.xero.control.person().editItem(ItemID, { Name: 'Labour, ordinary', SalesDetails: { UnitPrice: 90 } })
  expect(await rig.run('items.import')).toMatchObject({ result: { updated: 1 } })
  expect(await activities()).toMatchObject([{ name: 'Labour, ordinary', rate: '90.0000', account_code: '200' }])
  expect(await rig.sql('select colour from activity_types')).toEqual([{ colour: 'red' }])
})

test("an item without a price leaves the office's own rate, also when the rest of it changes", async () => {
  const { ItemID } = item({ SalesDetails: { AccountCode: '200', TaxType: 'OUTPUT2' } })
  await rig.run('items.import')
  expect(await activities()).toMatchObject([{ name: 'Labour', rate: null }])
  await rig.sql('update activity_types set default_rate = 95')
  expect(await rig.run('items.import')).toMatchObject({ result: { unchanged: 1, updated: 0 } })
  rig.xero.control.person().editItem(ItemID, { Name: 'Labour, ordinary' })
  expect(await rig.run('items.import')).toMatchObject({ result: { updated: 1 } })
  expect(await activities()).toMatchObject([{ name: 'Labour, ordinary', rate: '95.0000' }])
})

test('an item that is gone is marked once, not deleted, and restored when it is back', async () => {
  const { ItemID } = item({})
  item({ Code: 'TRAVEL', Name: 'Travel' })
  await rig.run('items.import')
  rig.xero.control.person().editItem(ItemID, { IsSold: false })
  expect(await rig.run('items.import')).toMatchObject({ result: { missing: 1, unchanged: 1 } })
  expect((await activities()).map((a) => [a.name, a.missing])).toEqual([
    ['Labour', true],
    ['Travel', false],
  ])
  expect(await rig.run('items.import')).toMatchObject({ result: { missing: 0 } })
  rig.xero.control.person().editItem(ItemID, { IsSold: true })
  expect(await rig.run('items.import')).toMatchObject({ result: { restored: 1 } })
  expect((await activities()).every((a) => a.missing === false)).toBe(true)
})

test("an item named like the office's own activity is one line in the failed inbox; the rest is imported; the line closes by itself", async () => {
  await rig.sql("insert into activity_types (name) values ('labour')")
  const { ItemID } = item({})
  item({ Code: 'TRAVEL', Name: 'Travel' })
  expect(await rig.run('items.import')).toMatchObject({ state: 'done', result: { added: 1, failed: 1 } })
  const open = () => rig.sql('select entity_id, code, message from xero_failures where resolved_at is null')
  expect(await open()).toEqual([
    {
      entity_id: ItemID,
      code: 'AFO-399',
      message: 'There is an activity type "Labour" already that does not come from Xero',
    },
  ])
  await rig.sql("update activity_types set name = 'Own labour' where xero_item_id is null")
  expect(await rig.run('items.import')).toMatchObject({ result: { added: 1, failed: 0 } })
  expect(await open()).toEqual([])
})

test('an activity that has the code of an item becomes that item', async () => {
  await rig.sql("insert into activity_types (name, xero_item_code) values ('Old labour', 'lab')")
  item({})
  expect(await rig.run('items.import')).toMatchObject({ result: { updated: 1, added: 0 } })
  expect(await activities()).toMatchObject([{ name: 'Labour', rate: '85.1234' }])
})

test('a price that does not fit is refused alone', async () => {
  item({ SalesDetails: { UnitPrice: 123456789.5 } })
  item({ Code: 'TRAVEL', Name: 'Travel' })
  expect(await rig.run('items.import')).toMatchObject({ result: { added: 1, failed: 1 } })
})

test('switched off, it asks Xero nothing', async () => {
  await rig.db.rpc('sync_settings_write', { p_settings: [{ key: 'sync', value: '{"items":false}' }] })
  rig.xero.control.clearCalls()
  expect(await rig.run('items.import')).toMatchObject({ state: 'done' })
  expect(rig.xero.control.callsByEndpoint()).toEqual({})
  await rig.db.rpc('sync_settings_write', { p_settings: [{ key: 'sync', value: null }] })
})

test('nothing is lost while Xero is away: the import comes back', async () => {
  item({})
  rig.xero.control.addFault({ kind: 'error-503', times: 2 })
  expect(await rig.run('items.import')).toMatchObject({ state: 'done', result: { added: 1 } })
})

test('what was read of another organisation than the one in use by now is not stored; the import begins anew', async () => {
  item({})
  const { met, letGo } = rig.hold({ match: { path: '/Items' } })
  rig.xero.control.clearCalls()
  const ended = rig.run('items.import')
  await rig.until('the question', () => met() === 1)
  const [one] = await rig.sql<{ tenant_id: string }>('select tenant_id from xero_tokens')
  const use = (tenantId = '') => rig.sql('update xero_tokens set tenant_id = $1', [tenantId])
  await use('another')
  letGo()
  await rig.until('the first try to end', async () => {
    const [command] = await rig.sql<{ state: string }>('select state from commands order by created_at desc limit 1')
    return command?.state !== 'running'
  })
  expect(await activities()).toEqual([])
  await use(one?.tenant_id)
  expect(await ended).toMatchObject({ state: 'done', result: { added: 1 } })
  expect(rig.xero.control.callsByEndpoint()).toEqual({ 'GET /Items': 2 })
})
