import { describe, expect, it } from 'vitest'
import { mergeNewestFirst } from './dead-letters.js'

const letters = ['100-0@commands.a', '300-2@events.b', '300-10@commands.a', '200-0@commands.a', '200-0@events.b'].map(
  (id) => ({ id }),
)

describe('mergeNewestFirst', () => {
  it('sorts by time and number, not by text', () => {
    expect(mergeNewestFirst(letters, 10).items.map(({ id }) => id)).toEqual([
      '300-10@commands.a',
      '300-2@events.b',
      '200-0@commands.a',
      '200-0@events.b',
      '100-0@commands.a',
    ])
    expect(mergeNewestFirst(letters, 10).nextCursor).toBeNull()
    expect(mergeNewestFirst(letters, 5).nextCursor).toBeNull()
  })

  it('never ends a page between two of the same instant', () => {
    const { items, nextCursor } = mergeNewestFirst(letters, 3)
    expect(items).toHaveLength(4)
    expect(nextCursor).toBe('200-0@events.b')
  })
})
