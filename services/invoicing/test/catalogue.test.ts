import { randomUUID } from 'node:crypto'
import { type FailureCode, failures } from '@afo/contracts'
import { publishCommand } from '@afo/service'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Company, company } from './company.js'

vi.setConfig({ testTimeout: 90_000 })

let it: Company
beforeAll(async () => {
  it = await company()
})
afterAll(() => it?.rig.close())
const tracking = randomUUID()
beforeEach(async () => {
  await it.clear()
  const { control } = it.rig.xero
  control.setOrganisation({ PeriodLockDate: null, EndOfYearLockDate: null, Currencies: ['NZD'], BaseCurrency: 'NZD' })
  control.setAccount({ Code: '200', Status: 'ACTIVE', Type: 'REVENUE' })
  control.setTaxRate({ TaxType: 'OUTPUT2', Status: 'ACTIVE', CanApplyTo: ['REVENUE'] })
  control.setTracking({ TrackingCategoryID: tracking, Name: 'Region', Status: 'ACTIVE', Options: [option('ACTIVE')] })
})
const option = (Status: 'ACTIVE' | 'ARCHIVED') => ({ TrackingOptionID: tracking, Name: 'North', Status })
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' }).format(new Date())

type Job = Awaited<ReturnType<Company['job']>>

describe('what Xero refuses comes out under its number, in its own words', () => {
  test.each<[FailureCode, string, (job: Job) => unknown]>([
    ['AFO-402', 'archived', ({ contactId }) => it.rig.xero.control.person().archiveContact(contactId ?? '')],
    ['AFO-408', 'Account code', () => it.rig.xero.control.setAccount({ Code: '200', Status: 'ARCHIVED' })],
    ['AFO-409', 'TaxType code', () => it.rig.xero.control.setTaxRate({ TaxType: 'OUTPUT2', Status: 'DELETED' })],
    ['AFO-410', 'lock date', () => it.rig.xero.control.setOrganisation({ PeriodLockDate: today() })],
    ['AFO-411', 'not subscribed to currency', () => it.rig.xero.control.setOrganisation({ Currencies: ['AUD'] })],
    [
      'AFO-419',
      'tracking option',
      () =>
        it.rig.xero.control.setTracking({
          TrackingCategoryID: tracking,
          Name: 'Region',
          Options: [option('ARCHIVED')],
        }),
    ],
    // Words that nobody has foreseen are shown as they are.
    [
      'AFO-499',
      'cannot be longer',
      ({ costCenterId }) =>
        it.rig.sql('update cost_centers set customer_po_number = $1 where id = $2', ['P'.repeat(300), costCenterId]),
    ],
  ])('%s (%s)', async (code, words, spoil) => {
    const job = await it.job({ sheets: [{ hours: '1' }] })
    if (code === 'AFO-419') await it.rig.sql("update cost_centers set tracking_option = 'North'")
    // What we know of the organisation is from before it is spoilt: the invoice goes out, and Xero says no.
    const nothing = await it.job({ sheets: [] })
    await it.create({ costCenterId: nothing.costCenterId })
    await spoil(job)
    await it.create({ costCenterId: job.costCenterId })
    const found = (await it.failures()).filter(({ entity }) => entity === 'invoice')
    expect(found).toMatchObject([{ code, message: expect.stringMatching(new RegExp(words, 'i')) }])
    expect(failures[code].remedy).not.toBe('')
  })

  test('AFO-420 (the note is refused)', async () => {
    const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
    await it.rig.sql('update cost_centers set name = $1', ['L'.repeat(2_600)])
    await it.create({ costCenterId })
    await it.settled()
    expect(await it.failures()).toMatchObject([{ code: 'AFO-420', entity: 'invoice' }])
  })
})

describe('a failure closes when its cause is gone', () => {
  const codes = async () => (await it.failures()).map(({ code }) => code)
  const closed = (code: string) => it.rig.until(`${code} to close`, async () => !(await codes()).includes(code), 30_000)

  test('the contact is restored in Xero: once the sync has seen it', async () => {
    const { costCenterId, clientId } = await it.job({ sheets: [{ hours: '1' }] })
    await it.rig.sql("update clients set xero_contact_status = 'ARCHIVED'")
    await it.create({ costCenterId })
    expect(await codes()).toEqual(['AFO-402'])
    await it.rig.sql("update clients set xero_contact_status = 'ACTIVE' where id = $1", [clientId])
    expect(await codes()).toEqual([])
  })

  test('a mapping is added, a rate is set, hours are corrected: by a plan made anew, which bills nothing', async () => {
    await it.setting({ defaultAccountCode: null })
    const unmapped = await it.job({ sheets: [{ hours: '1', activity: 'Travel' }] })
    const rateless = await it.job({ sheets: [{ hours: '1', activity: 'No rate' }] })
    await it.create({ costCenterId: unmapped.costCenterId })
    await it.create({ costCenterId: rateless.costCenterId })
    expect(await codes()).toEqual(expect.arrayContaining(['AFO-406', 'AFO-407']))
    await it.setting({})
    await closed('AFO-407')
    expect(await codes()).toContain('AFO-406')
    await it.rig.sql('update timesheets set rate = 50 where cost_center_id = $1', [rateless.costCenterId])
    await closed('AFO-406')
    expect(await it.invoices()).toEqual([])
  })

  test('the period is unlocked: by what Xero says when it is read again', async () => {
    const { costCenterId } = await it.job({ sheets: [{ hours: '1' }] })
    const nothing = await it.job({ sheets: [] })
    await it.create({ costCenterId: nothing.costCenterId })
    it.rig.xero.control.setOrganisation({ PeriodLockDate: today() })
    await it.create({ costCenterId })
    expect(await codes()).toEqual(['AFO-410'])
    it.rig.xero.control.setOrganisation({ PeriodLockDate: null })
    await it.rig.sql('delete from xero_reference')
    await it.rig.sql('update xero_failures set recheck = true')
    await closed('AFO-410')
  })

  test('a timesheet, a client that is gone', async () => {
    const { costCenterId, clientId } = await it.job({ sheets: [{ hours: '-1' }, { hours: '1' }] })
    await it.create({ costCenterId })
    expect(await codes()).toEqual(['AFO-414', 'AFO-414'])
    await it.rig.sql('delete from timesheets where hours < 0')
    expect((await it.failures()).map(({ entity }) => entity)).not.toContain('timesheet')
    await closed('AFO-414')
    await it.rig.sql('select sync_failures_record($1)', [
      JSON.stringify([{ entity: 'client', entityId: clientId, clientId, code: 'AFO-203', message: 'x' }]),
    ])
    await it.clear()
    expect(await codes()).toEqual([])
  })
})

test('a run that fails is one line under its job, with the reason, until the next one works', async () => {
  await it.rig.db.rpc('sync_settings_write', { p_settings: [{ key: 'sync', value: '{"invoices": false}' }] })
  for (const _ of [1, 2]) await it.create()
  expect(await it.failures()).toMatchObject([{ entity: 'command', entityId: 'invoices.create', code: 'AFO-605' }])
  await it.rig.db.rpc('sync_settings_write', { p_settings: [{ key: 'sync', value: '{}' }] })
  await it.create()
  expect(await it.failures()).toEqual([])
})

test('a paused service takes up nothing and burns no attempt; resumed, it goes on', async () => {
  await it.rig.db.rpc('sync_pause', { p_services: ['invoicing'], p_by: 'ada', p_reason: null })
  const ask = () =>
    publishCommand(it.rig, {
      id: randomUUID(),
      name: 'invoices.create',
      body: {},
      askedBy: 'test',
      triggeredBy: 'manual',
    })
  await ask()
  await it.rig.until('a command to wait', async () => {
    const [row] = await it.rig.sql<{ ended: boolean; waits: boolean }>(
      `select count(*) filter (where state in ('queued', 'running')) = 0 as ended,
         coalesce(bool_or(state = 'queued' and created_at < now() - interval '2 seconds'), false) as waits from commands`,
    )
    if (row?.ended) await ask()
    return row?.waits
  })
  await it.rig.db.rpc('sync_resume', { p_services: ['invoicing'] })
  await it.rig.until('what waited to be done', async () => {
    const [row] = await it.rig.sql("select count(*)::int as n from commands where state in ('queued', 'running')")
    return row?.n === 0
  })
  expect(await it.rig.bus.listDead('invoicing', { limit: 1 })).toEqual([])
})
