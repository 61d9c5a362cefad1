import { expect, test } from 'vitest'
import { settingGroups } from './settings.js'

test.each(['AFO-', '', 'INV/2026.', 'a_b-'])('%j can begin a number', (numberPrefix) => {
  expect(settingGroups.invoicing.parse({ numberPrefix }).numberPrefix).toBe(numberPrefix)
})

test.each(['A,B-', ' A', 'A ', '-A', 'A"', 'Ä-', 'x'.repeat(21)])(
  '%j can not: Xero could not be asked for the number',
  (numberPrefix) => {
    expect(settingGroups.invoicing.safeParse({ numberPrefix }).success).toBe(false)
  },
)
