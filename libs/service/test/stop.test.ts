import { newId } from '@afo/kit'
import { freePort } from '@afo/sandbox/stack'
import { defineService } from '@afo/service'
import { serviceRig } from '@afo/testing'
import { Router } from 'express'
import { expect, test } from 'vitest'
import { z } from 'zod'

test('told to stop it takes up nothing more, though a request is still open', async () => {
  const handled: string[] = []
  let entered: () => void = () => undefined
  let answer: () => void = () => undefined
  const open = new Promise<void>((resolve) => {
    entered = resolve
  })
  const port = await freePort()
  const rig = await serviceRig(
    defineService({
      name: 'item-sync',
      config: z.object({}),
      xero: false,
      build: () => ({
        routes: Router().get('/slow', (_req, res) => {
          answer = () => void res.json({})
          entered()
        }),
        handlers: {
          'items.import': async ({ id }) => {
            handled.push(id)
            return []
          },
        },
      }),
    }),
    { environment: { PORT: String(port) } },
  )
  try {
    const import_ = (id: string) => rig.send({ id, name: 'items.import', key: id, body: {} })
    const [before, after] = [newId(), newId()]
    await import_(before)
    await rig.until('the first', () => handled.length === 1)
    const request = fetch(`http://127.0.0.1:${port}/slow`)
    await open
    const stopped = rig.replicas[0]?.stop()
    await import_(after)
    // Long enough for a consumer that goes on.
    for (const began = performance.now(); performance.now() - began < 700; await rig.bus.ping())
      expect(handled).toEqual([before])
    answer()
    expect((await request).status).toBe(200)
    await stopped
    expect(handled).toEqual([before])
  } finally {
    await rig.close()
  }
})
