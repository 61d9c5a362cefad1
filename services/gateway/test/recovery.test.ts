import { testRedis } from '@afo/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
beforeAll(async () => {
  rig = await startRig({ environment: { TIME_SCALE: '60' } })
})
afterAll(() => rig?.close())

const listener = async () => {
  const ids: string[] = []
  let wake = () => {}
  const bus = await rig.peer('item-sync', 60)
  bus.consume({
    handlers: {
      'items.import': async ({ id }) => {
        ids.push(id)
        wake()
        return []
      },
    },
  })
  return {
    bus,
    has: async (id: string) => {
      while (!ids.includes(id)) await new Promise<void>((resolve) => (wake = resolve))
    },
    close: () => bus.close(),
  }
}

describe('a command', () => {
  it('that was written down and never published is published', async () => {
    const id = '00000000-0000-4000-8000-000000000001'
    await rig.db.sql(
      `insert into commands (id, name, body, asked_by, triggered_by, created_at) values ($1, 'items.import', '{}', 'ada', 'manual', now() - interval '1 minute')`,
      [id],
    )
    const items = await listener()
    await items.has(id)
    await items.close()
  })

  it('is accepted while Redis is away, and done when it is back', async () => {
    const port = Number(new URL(rig.redis.url).port)
    await rig.redis.close()
    const asked = await ask(rig, 'POST', '/admin/xero/sync-items')
    expect(asked.status, JSON.stringify(asked.body)).toBe(202)
    const back = await testRedis({ port })
    const items = await listener()
    await items.has(asked.body.id)
    await items.close()
    await back.close()
  })
})
