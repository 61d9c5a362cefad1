import { expect, test } from 'vitest'
import { type ListedItem, soldItems } from './price-list.js'

const item = (over: Partial<ListedItem>): ListedItem => ({
  itemID: '00000000-0000-4000-8000-000000000001',
  code: 'LAB',
  name: 'Labour',
  description: 'On site',
  isSold: true,
  salesDetails: { unitPrice: '85.1234', accountCode: '200', taxType: 'OUTPUT2' },
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
