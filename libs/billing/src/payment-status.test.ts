import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateIn } from './dates.js'
import { paymentStatus } from './payment-status.js'

const document = (over: object) => ({ status: 'AUTHORISED', amountDue: '10', dueDate: '2026-11-23', ...over })

test.each([
  ['paid is paid, however late', { status: 'PAID', amountDue: '0', dueDate: '2020-01-01' }, 'Paid'],
  ['due today is not overdue', {}, 'Unpaid'],
  ['due yesterday is', { dueDate: '2026-11-22' }, 'Overdue'],
  ['part-paid counts alike', { dueDate: '2026-11-22', amountDue: '0.01' }, 'Overdue'],
  ['nothing owed is not overdue', { dueDate: '2026-11-22', amountDue: '0.00' }, 'Unpaid'],
  ['without a due date it never is', { dueDate: null }, 'Unpaid'],
  ['a draft was sent to nobody', { status: 'DRAFT', dueDate: '2026-11-22' }, 'Unpaid'],
  ['nor was what waits for approval', { status: 'SUBMITTED', dueDate: '2026-11-22' }, 'Unpaid'],
])('%s', (_, over, status) => {
  expect(paymentStatus(document(over), '2026-11-23')).toBe(status)
})

test.each([
  // New Zealand sets its clocks forward on 27 September 2026 at 02:00 (UTC+12 to +13) and back on 4 April 2027.
  ['2026-09-26T11:59:59Z', 'Pacific/Auckland', '2026-09-26'],
  ['2026-09-26T12:00:00Z', 'Pacific/Auckland', '2026-09-27'],
  ['2026-09-27T10:59:59Z', 'Pacific/Auckland', '2026-09-27'],
  ['2026-09-27T11:00:00Z', 'Pacific/Auckland', '2026-09-28'],
  ['2027-04-03T10:59:59Z', 'Pacific/Auckland', '2027-04-03'],
  ['2027-04-04T12:00:00Z', 'Pacific/Auckland', '2027-04-05'],
  ['2026-11-23T04:59:59Z', 'America/New_York', '2026-11-22'],
])('%s in %s is %s', (instant, zone, date) => {
  expect(dateIn(instant, zone)).toBe(date)
})

test('whatever the amounts, exactly one status holds, and only money owed can be late', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('DRAFT', 'SUBMITTED', 'AUTHORISED', 'PAID'),
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: -400, max: 400 }),
      (status, cents, days) => {
        const dueDate = new Date(Date.UTC(2026, 10, 23 + days)).toISOString().slice(0, 10)
        const got = paymentStatus({ status, amountDue: (cents / 100).toFixed(2), dueDate }, '2026-11-23')
        const late = status === 'AUTHORISED' && cents > 0 && days < 0
        expect(got).toBe(status === 'PAID' ? 'Paid' : late ? 'Overdue' : 'Unpaid')
      },
    ),
  )
})
