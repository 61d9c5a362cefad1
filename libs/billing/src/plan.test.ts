import type { BillingSource } from '@afo/contracts'
import { describe, expect, test } from 'vitest'
import { account, codes, plan, rate, reference, setting, sheet, source } from '../test/samples.js'
import type { Reference } from './organisation.js'
import { isHeld, planInvoice } from './plan.js'

describe('lines', () => {
  const sheets = [
    sheet({ worker: 'Aroha', workDate: '2026-11-02', hours: '1.3333' }),
    sheet({ worker: 'Ben', workDate: '2026-11-03', hours: '0.3333' }),
    sheet({ worker: 'Aroha', workDate: '2026-11-03', hours: '2.5', rate: '120.5000' }),
  ]
  const shown = (groupBy: string, lineDescription = '{activity}') =>
    plan(source({ timesheets: sheets }), {}, { groupBy, lineDescription }).lines.map((l) => [
      l.description,
      l.quantity,
      l.unitPrice,
      l.net,
    ])

  test('by activity, with a line for each rate', () => {
    expect(shown('activity')).toEqual([
      ['Electrician', '1.6666', '100.0000', '166.66'],
      ['Electrician', '2.5000', '120.5000', '301.25'],
    ])
  })
  test('by worker, by day, by timesheet', () => {
    expect(shown('worker', '{activity}, {worker}').map((l) => l[0])).toEqual([
      'Electrician, Aroha',
      'Electrician, Aroha',
      'Electrician, Ben',
    ])
    expect(shown('day', '{date}').map((l) => l[0])).toEqual(['2026-11-02', '2026-11-03', '2026-11-03'])
    expect(shown('timesheet')).toHaveLength(3)
  })
  test('the description template fills in what it knows and leaves the rest', () => {
    expect(shown('activity', '{project} {costCentre} {from}-{to} {worker} {nonsense}')[0]?.[0]).toBe(
      'Refit Labor 2026-11-02-2026-11-03 Aroha, Ben {nonsense}',
    )
  })
  test('a tracking option goes on every line', () => {
    const lines = plan(source({}, { trackingOption: 'Region: North' })).lines
    expect(lines[0]?.tracking).toEqual([{ name: 'Region', option: 'North' }])
  })
})

test('the document is dated by the organisation, and due by request, terms or setting', () => {
  const client = source().client
  const due = (terms: { day: number; type: string } | null, request = {}) =>
    plan(source({ client: client && { ...client, terms } }), request, { dueDays: 14 })
  expect(due(null).issuedOn).toBe('2026-11-23')
  expect(planInvoice(source(), {}, setting(), reference(), '2026-11-23T11:30:00Z').issuedOn).toBe('2026-11-24')
  expect(due(null).dueOn).toBe('2026-12-07')
  expect(due({ day: 20, type: 'OFFOLLOWINGMONTH' }).dueOn).toBe('2026-12-20')
  expect(due({ day: 31, type: 'OFFOLLOWINGMONTH' }).dueOn).toBe('2026-12-31')
  expect(due({ day: 20, type: 'OFCURRENTMONTH' }).dueOn).toBe('2026-12-20')
  expect(due({ day: 30, type: 'OFCURRENTMONTH' }).dueOn).toBe('2026-11-30')
  expect(due({ day: 7, type: 'DAYSAFTERBILLDATE' }).dueOn).toBe('2026-11-30')
  expect(due({ day: 7, type: 'DAYSAFTERBILLMONTH' }).dueOn).toBe('2026-12-07')
  expect(due({ day: 7, type: 'UNHEARD' }).dueOn).toBe('2026-12-07')
  expect(due({ day: 20, type: 'OFFOLLOWINGMONTH' }, { dueDate: '2026-11-24' }).dueOn).toBe('2026-11-24')
})

test('the note says where it came from', () => {
  expect(plan(source({ timesheets: [sheet(), sheet({ workDate: '2026-10-30' })] })).note).toBe(
    'PROJECT001 - Labor (2026-10-30 to 2026-11-02, 2 timesheets)',
  )
})

describe('objections', () => {
  const client = (over: object) =>
    source({ client: { ...(source().client as NonNullable<BillingSource['client']>), ...over } })
  test.each<[string, BillingSource, [string, boolean][], Reference?]>([
    ['nothing against it', source(), []],
    ['no contact', client({ contactId: null }), [['AFO-401', true]]],
    ['waits for a match', client({ contactId: null, matching: true }), [['AFO-417', true]]],
    ['the client failed', client({ contactId: null, failed: true }), [['AFO-418', true]]],
    ['an old failure of a client with a contact', client({ failed: true }), []],
    ['a project without a client', source({ client: null }), [['AFO-424', true]]],
    ['archived contact', client({ contactStatus: 'ARCHIVED' }), [['AFO-402', true]]],
    ['no purchase order', source({}, { poNumber: null }), [['AFO-403', false]]],
    ['an order that ended', source({}, { poExpiresOn: '2026-11-22' }), [['AFO-404', true]]],
    ['an order that ends today', source({}, { poExpiresOn: '2026-11-23' }), []],
    ['an order used up to the cent', source({ orderBilled: '400.00' }, { poAmount: '500.00' }), []],
    ['an order overspent by a cent', source({ orderBilled: '400.01' }, { poAmount: '500.00' }), [['AFO-405', true]]],
    ['no rate', source({ timesheets: [sheet(), sheet({ rate: null })] }), [['AFO-406', true]]],
    ['no hours', source({ timesheets: [sheet(), sheet({ hours: null })] }), [['AFO-414', true]]],
    ['negative hours', source({ timesheets: [sheet(), sheet({ hours: '-1' })] }), [['AFO-414', true]]],
    ['no date', source({ timesheets: [sheet(), sheet({ workDate: null })] }), [['AFO-414', true]]],
    [
      'archived account',
      source(),
      [['AFO-408', true]],
      { ...reference(), accounts: [account({ status: 'ARCHIVED' })] },
    ],
    [
      'an account of another kind',
      source(),
      [['AFO-408', true]],
      { ...reference(), accounts: [account({ type: 'EXPENSE' })] },
    ],
    [
      "an account of the system's own",
      source(),
      [['AFO-408', true]],
      { ...reference(), accounts: [account({ systemAccount: 'DEBTORS' })] },
    ],
    [
      'a tax rate not for sales',
      source(),
      [['AFO-409', true]],
      { ...reference(), taxRates: [rate({ canApplyToRevenue: false })] },
    ],
    [
      'locked up to today',
      source(),
      [['AFO-410', true]],
      reference({ periodLockDate: '2026-01-31', endOfYearLockDate: '2026-11-23' }),
    ],
    ['locked up to yesterday', source(), [], reference({ periodLockDate: '2026-11-22' })],
    ['unapproved hours', source({ submitted: 2 }), [['AFO-412', false]]],
    ['nothing to bill', source({ timesheets: [] }), [['AFO-413', true]]],
    ['an organisation without a currency', source(), [['AFO-411', true]], reference({ baseCurrency: null })],
    ['an activity without an item', source({ timesheets: [sheet({ itemCode: null })] }), [['AFO-421', false]]],
    ['a tracking option that is not there', source({}, { trackingOption: 'South' }), [['AFO-419', true]]],
  ])('%s', (_, s, expected, r) => {
    expect(codes(s, {}, {}, r ?? reference())).toEqual(expected)
  })

  test('no account anywhere', () => {
    expect(codes(source({ timesheets: [sheet({ accountCode: null })] }), {}, { defaultAccountCode: null })).toEqual([
      ['AFO-407', true],
    ])
  })

  test('another total than somebody looked at; where nothing is left to bill, that alone is told', () => {
    const { total } = plan(source())
    expect(codes(source(), { expectedTotal: `${total}00` })).toEqual([])
    expect(codes(source(), { expectedTotal: '0.01', force: ['AFO-425'] })).toEqual([['AFO-425', true]])
    expect(codes(source({ timesheets: [] }), { expectedTotal: total })).toEqual([['AFO-413', true]])
  })

  test('all of them at once', () => {
    const all = source({ client: null, timesheets: [sheet({ rate: null })], submitted: 1 }, { poNumber: null })
    expect(codes(all).map(([code]) => code)).toEqual(['AFO-424', 'AFO-403', 'AFO-406', 'AFO-413', 'AFO-412'])
  })

  test('ours can be overruled, what Xero refuses can not', () => {
    const expired = source({}, { poExpiresOn: '2026-11-22' })
    expect(isHeld(plan(expired))).toBe(true)
    expect(isHeld(plan(expired, { force: ['AFO-404'] }))).toBe(false)
    expect(isHeld(plan(client({ contactStatus: 'ARCHIVED' }), { force: ['AFO-402'] }))).toBe(true)
  })

  test('forced, what can not be billed is left out, and the rest is billed', () => {
    const forced = plan(source({ timesheets: [sheet(), sheet({ rate: null })] }), { force: ['AFO-406'] })
    expect(isHeld(forced)).toBe(false)
    expect([forced.timesheets.length, forced.leftOut.length, forced.net]).toEqual([1, 1, '100.00'])
  })
})
