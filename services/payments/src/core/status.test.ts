import { expect, test } from 'vitest'
import { readDocument } from './status.js'
import { chooseWay } from './way.js'

test('a credit that settles it is told', () => {
  const base = {
    invoiceID: 'x',
    total: '10',
    fullyPaidOnDate: '2026-11-20',
    updatedDateUTC: null,
    status: 'PAID',
    amountDue: '0',
    dueDate: '2026-11-23',
  }
  const remark = (amountPaid: string, amountCredited: string) =>
    readDocument({ ...base, amountPaid, amountCredited } as never, '2026-11-23').remark
  expect(remark('0', '10')).toBe('Settled by a credit')
  expect(remark('0.00', '10.00')).toBe('Settled by a credit')
  expect(remark('4', '6')).toBe('Settled in part by a credit')
  expect(remark('10', '0')).toBeNull()
})

test('a first poll asks for a few by id and many by what changed; every other by what changed; a full one all by id', () => {
  const oldest = '2026-11-01T00:00:00.000Z'
  const known = '2026-11-20T06:00:00Z'
  const changes = { by: 'changes', since: '2026-11-20T05:55:00.000Z' }
  expect(chooseWay({ open: 0, oldest: null }, null, false)).toEqual({ by: 'ids', all: false })
  expect(chooseWay({ open: 40, oldest }, null, false)).toEqual({ by: 'ids', all: false })
  expect(chooseWay({ open: 41, oldest }, null, false)).toEqual({ by: 'changes', since: '2026-10-31T23:55:00.000Z' })
  for (const open of [0, 1, 40, 41]) expect(chooseWay({ open, oldest }, known, false)).toEqual(changes)
  expect(chooseWay({ open: 5, oldest }, known, true)).toEqual({ by: 'ids', all: true })
})
