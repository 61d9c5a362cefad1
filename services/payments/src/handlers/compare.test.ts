import { AppError } from '@afo/kit'
import { expect, test } from 'vitest'
import type { Ports } from '../ports.js'
import { compareBooks } from './compare.js'

// Stand-ins for the ports: a quarter of a million contacts, which it takes to need so many pages, are more than a test can put into the sandbox.
const portsWith = (pageCount: number, calls: number, kept: unknown[]) =>
  ({
    settings: { read: async () => ({}) },
    books: { contacts: async () => ({ items: [], pageCount }) },
    reports: {
      begin: async () => ({ part: 'contacts', page: 1, calls, finished: false }),
      contacts: async () => [],
      keep: async (_id: string, page: unknown) => void kept.push(page),
    },
  }) as unknown as Ports

const compare = async (pageCount: number, calls = 0) => {
  const kept: unknown[] = []
  const message = { id: 'report' } as Parameters<ReturnType<typeof compareBooks>>[0]
  const context = { signal: new AbortController().signal, progress: async () => {} } as unknown as Parameters<
    ReturnType<typeof compareBooks>
  >[1]
  const thrown = await compareBooks(portsWith(pageCount, calls, kept))(message, context).catch(
    (error: unknown) => error,
  )
  return { thrown, kept }
}

test('a report that would cost more than its share of the quota ends before it does, with the reason', async () => {
  const { thrown, kept } = await compare(251)
  expect(thrown).toBeInstanceOf(AppError)
  expect(thrown).toMatchObject({ kind: 'rejected', code: 'AFO-621', message: expect.stringContaining('251 calls') })
  expect(kept).toEqual([])
})

test('what was spent before a crash counts', async () => {
  expect((await compare(20, 231)).thrown).toMatchObject({ code: 'AFO-621' })
})
