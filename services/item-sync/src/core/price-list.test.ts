import { expect, test } from 'vitest'
import { refusals, summarise } from './price-list.js'

test('a refused item becomes a line of the failed inbox in the words of the refusal', () => {
  const itemId = '00000000-0000-4000-8000-000000000001'
  expect(refusals([{ itemId, code: 'LAB', name: 'Labour', message: 'There is one' }], 'c')).toEqual([
    {
      entity: 'item',
      entityId: itemId,
      code: 'AFO-399',
      message: 'There is one',
      details: { code: 'LAB', name: 'Labour' },
      commandId: 'c',
    },
  ])
})

test('the summary names only what happened', () => {
  expect(summarise({ added: 2, updated: 0, restored: 0, missing: 1, unchanged: 0 })).toBe('2 added, 1 missing')
  expect(summarise({ added: 0, updated: 0, restored: 0, missing: 0, unchanged: 0 })).toBe('Xero has no items')
})
