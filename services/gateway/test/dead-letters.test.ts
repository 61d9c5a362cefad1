import type { Bus } from '@afo/bus'
import type { NewMessage } from '@afo/contracts'
import { AppError, newId } from '@afo/kit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
let bus: Bus
beforeAll(async () => {
  rig = await startRig()
  bus = await rig.peer('invoicing')
})
afterAll(() => rig?.close())

const list = async () => (await ask(rig, 'GET', '/admin/dead-letters')).body

test('dead letters are listed with their reason; those that are put back are handled again, the others stay', async () => {
  const handled: string[] = []
  let refusing = true
  bus.consume({
    handlers: {
      'invoices.settle': async ({ key }) => {
        if (refusing) throw new AppError('rejected', `${key} is refused`, { code: 'refused' })
        handled.push(key)
        return []
      },
    },
  })
  const messages = ['a', 'b', 'c'].map(
    (key): NewMessage => ({ name: 'invoices.settle', key, id: newId(), body: { invoiceIds: [newId()] } }),
  )
  await bus.publish(messages, { correlationId: 'test', causationId: null, tenantId: null })
  await vi.waitFor(async () => expect((await list()).total).toBe(3), { timeout: 10_000 })
  const { items, nextCursor } = await list()
  expect(nextCursor).toBeNull()
  expect(items.map(({ reason }: { reason: string }) => reason).sort()).toEqual([
    'a is refused',
    'b is refused',
    'c is refused',
  ])
  for (const letter of items) expect(letter).toMatchObject({ service: 'invoicing', name: 'invoices.settle' })

  refusing = false
  const [kept, ...back] = items
  const body = { service: 'invoicing', ids: back.map(({ id }: { id: string }) => id) }
  expect((await ask(rig, 'POST', '/admin/dead-letters/redrive', { body })).body).toEqual({ redriven: 2 })
  expect(await list()).toEqual({ items: [kept], nextCursor: null, total: 1 })
  const keys = back.map(({ reason }: { reason: string }) => reason[0])
  await vi.waitFor(() => expect(handled.sort()).toEqual(keys.sort()), { timeout: 10_000 })
})
