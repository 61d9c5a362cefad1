import { expect, test } from 'vitest'
import { Closers } from './lifecycle.js'

test('closers run once, in reverse, all of them', async () => {
  const order: string[] = []
  const closers = new Closers()
  closers.add('first', () => void order.push('first'))
  closers.add('broken', () => {
    order.push('broken')
    throw new Error('no')
  })
  closers.add('last', async () => void order.push('last'))
  const [failures] = await Promise.all([closers.close(), closers.close()])
  expect(order).toEqual(['last', 'broken', 'first'])
  expect(failures.map((f) => f.message)).toEqual(['closing broken failed'])
})
