import { expect, test } from 'vitest'
import { ianaTimeZone } from './time-zone.js'

test.each([
  ['NEWZEALANDSTANDARDTIME', 'Pacific/Auckland'],
  ['AUSEASTERNSTANDARDTIME', 'Australia/Sydney'],
  ['E.AUSTRALIASTANDARDTIME', 'Australia/Brisbane'],
  ['GMTSTANDARDTIME', 'Europe/London'],
  ['PACIFICSTANDARDTIME', 'America/Los_Angeles'],
  ['PACIFICSTANDARDTIME(MEXICO)', 'America/Tijuana'],
  ['RUSSIATIMEZONE10', 'Asia/Srednekolymsk'],
  ['New Zealand Standard Time', 'Pacific/Auckland'],
  ['UTC+13', 'Etc/GMT-13'],
  ['NOWHERESTANDARDTIME', null],
  [null, null],
])('%s is %s', (timezone, zone) => {
  expect(ianaTimeZone(timezone)).toBe(zone)
  if (zone) expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow()
})
