import type { XeroItem } from '@afo/xero'
import { expect, test } from 'vitest'
import { refusals, soldItems, summarise } from './price-list.js'

const item = (over: Partial<XeroItem>): XeroItem => ({
  itemID: '00000000-0000-4000-8000-000000000001',
  code: 'LAB',
  name: 'Labour',
  description: 'On site',
  isSold: true,
  salesDetails: { unitPrice: '85.1234', accountCode: '200', taxType: 'OUTPUT2' },
  updatedDateUTC: null,
  ...over,
})

test('a sold item keeps its price to the fourth decimal, as text', () => {
  expect(soldItems([item({})])).toEqual([
    {
      itemId: '00000000-0000-4000-8000-000000000001',
      code: 'LAB',
      name: 'Labour',
      description: 'On site',
      rate: '85.1234',
      accountCode: '200',
      taxType: 'OUTPUT2',
    },
  ])
})

test('what is only purchased is left out', () => {
  expect(soldItems([item({ isSold: false })])).toEqual([])
})

test('an item without name and sales details goes by its code and has no rate', () => {
  expect(soldItems([item({ name: null, salesDetails: null })])).toMatchObject([{ name: 'LAB', rate: null }])
})

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
