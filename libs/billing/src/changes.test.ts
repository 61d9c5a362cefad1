import { expect, test } from 'vitest'
import { account, rate, reference } from '../test/samples.js'
import { organisationChanges } from './changes.js'

test('what changed in Xero is told field by field, what is new or gone as such, and nothing else', () => {
  const same = reference()
  for (const name of ['organisation', 'accounts', 'taxRates', 'tracking'] as const)
    expect(organisationChanges(name, same[name], reference()[name])).toEqual([])
  expect(
    organisationChanges('organisation', same.organisation, { ...same.organisation, periodLockDate: '2026-10-31' }),
  ).toEqual([{ what: 'Organisation', field: 'period locked until', was: null, is: '2026-10-31' }])
  expect(
    organisationChanges(
      'accounts',
      [account(), account({ code: '210' })],
      [account({ status: 'ARCHIVED' }), account({ code: '220' })],
    ),
  ).toEqual([
    { what: 'Account 200', field: 'status', was: 'ACTIVE', is: 'ARCHIVED' },
    { what: 'Account 210', field: null, was: 'there', is: null },
    { what: 'Account 220', field: null, was: null, is: 'there' },
  ])
  expect(
    organisationChanges('taxRates', [rate()], [rate({ effectiveRate: '12.5', canApplyToRevenue: false })]),
  ).toEqual([
    { what: 'Tax rate OUTPUT2', field: 'percent', was: '15', is: '12.5' },
    { what: 'Tax rate OUTPUT2', field: 'for sales', was: 'yes', is: 'no' },
  ])
  const gone = [{ name: 'Region', status: 'ACTIVE', options: [] }]
  expect(organisationChanges('tracking', same.tracking, gone)).toEqual([
    { what: 'Tracking Region: North', field: null, was: 'there', is: null },
  ])
})
