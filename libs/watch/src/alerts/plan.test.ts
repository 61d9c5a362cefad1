import { type AlertGroup, settingGroups } from '@afo/contracts'
import { expect, test } from 'vitest'
import { planAlert } from './plan.js'

const group = (kind: AlertGroup['kind']): AlertGroup => ({ kind, count: 1, money: null, mark: 'm', lines: [] })
const groups = [group('disconnected'), group('failures')]
const rules = (over: object = {}) => settingGroups.alerts.parse(over)
const said = (time: string, lastSlot: string | null, over: object = {}) => {
  const { say, slot } = planAlert(groups, rules(over), { date: '2026-11-25', time }, lastSlot)
  return [say.map(({ kind }) => kind), slot]
}

test('what is urgent is said at once; the digest once a day, from its hour on', () => {
  expect(said('07:59', '2026-11-24')).toEqual([['disconnected'], null])
  expect(said('08:00', '2026-11-24')).toEqual([['disconnected', 'failures'], '2026-11-25'])
  expect(said('23:00', '2026-11-25')).toEqual([['disconnected'], null])
  expect(said('23:00', null)).toEqual([['disconnected', 'failures'], '2026-11-25'])
})

test('what is switched off is not said', () => {
  expect(said('09:00', null, { kinds: { disconnected: 'off', failures: 'off' } })).toEqual([[], '2026-11-25'])
})

test('quiet hours hold everything back, over midnight too', () => {
  const quiet = { from: '22:00', to: '07:00' }
  for (const time of ['22:00', '23:59', '00:00', '06:59']) expect(said(time, null, { quiet })).toEqual([[], null])
  expect(said('07:00', null, { quiet })[0]).toEqual(['disconnected'])
  expect(said('12:30', null, { quiet: { from: '12:00', to: '13:00' } })).toEqual([[], null])
})
