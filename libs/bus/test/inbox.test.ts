import type { Message, NewMessage } from '@afo/contracts'
import { expect, test } from 'vitest'
import { inbox } from '../src/middlewares/inbox.js'
import type { HandlerContext } from '../src/types.js'

// A map stands for the memory that a service would give it: no service needs one so far, since all effects are guarded where they are kept.
test('a repeat is not handled again, but says again what was said; a failure is not remembered', async () => {
  const kept = new Map<string, readonly NewMessage[]>()
  let handled = 0
  let broken = true
  const said: NewMessage[] = [{ name: 'contact.unmatched', key: 'k', body: { clientId: 'c' } }]
  const handle = inbox({
    recall: async ({ id }) => kept.get(id) ?? null,
    remember: async ({ id }, what) => void kept.set(id, what),
  })(async () => {
    if (broken) throw new Error('away')
    handled++
    return said
  })
  const message = { id: 'a' } as Message
  const context = {} as HandlerContext
  await expect(handle(message, context)).rejects.toThrow('away')
  broken = false
  expect(await handle(message, context)).toEqual(said)
  expect(await handle(message, context)).toEqual(said)
  expect(handled).toBe(1)
})
