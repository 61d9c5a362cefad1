import { sleep } from '@afo/kit'
import { describe, expect, it } from 'vitest'
import { cause, type Harness, many, noting, settle, until } from './harness.js'

/** What is in hand when it stops or something is slow, and whether the loop turns. */
export function stopping(harness: () => Harness): void {
  describe('stopping', () => {
    it('stops: what runs is finished, what has not begun is given back at once', async () => {
      const first = await harness().open('invoicing', { leaseMs: 60_000 })
      const handled: string[] = []
      const consumer = first.consume({
        concurrency: 5,
        handlers: {
          'invoices.settle': async ({ key }) => {
            await sleep(200)
            handled.push(`first ${key}`)
            return []
          },
        },
      })
      await first.publish(many(8, settle), cause)
      await until(async () => expect((await first.figures())[0]?.pending).toBe(5))
      await consumer.stop(5_000)
      expect(handled).toHaveLength(5)
      const second = await harness().open('invoicing', { leaseMs: 60_000 })
      second.consume({ handlers: { 'invoices.settle': noting(handled, ({ key }) => `second ${key}`) } })
      await until(() => expect(handled).toHaveLength(8))
      expect(new Set(handled.map((line) => line.split(' ')[1])).size).toBe(8)
    })

    it('reads ahead where handling is quick, and gives back what something slow then holds up', async () => {
      const first = await harness().open('invoicing', { leaseMs: 60_000, quickMs: 1_000 })
      const handled: string[] = []
      let release: (value?: unknown) => void = () => undefined
      const slow = new Promise((resolve) => {
        release = resolve
      })
      first.consume({
        concurrency: 1,
        handlers: {
          'invoices.settle': async ({ key }) => {
            if (key === 'slow') await slow
            handled.push(`first ${key}`)
            return []
          },
        },
      })
      await first.publish(many(100, settle), cause)
      await until(() => expect(handled).toHaveLength(100))
      await first.publish([settle('slow'), ...many(20, settle)], cause)
      await until(async () => expect((await first.figures())[0]?.pending).toBe(21))
      await until(async () => expect((await first.figures())[0]).toMatchObject({ pending: 1, length: 21 }))
      const second = await harness().open('invoicing')
      second.consume({ handlers: { 'invoices.settle': noting(handled, ({ key }) => `second ${key}`) } })
      await until(() => expect(handled.filter((line) => line.startsWith('second'))).toHaveLength(20))
      release()
      await until(() => expect(handled).toContain('first slow'))
      expect(handled).toHaveLength(121)
    })

    it('gives back when it stops what it has read ahead, even behind a handling that heeds no signal', async () => {
      const first = await harness().open('invoicing', { leaseMs: 60_000, beatMs: 1_000, graceMs: 50, quickMs: 1_000 })
      const handled: string[] = []
      const consumer = first.consume({
        concurrency: 1,
        handlers: {
          'invoices.settle': async ({ key }) => {
            if (key === 'slow') await new Promise(() => undefined)
            handled.push(`first ${key}`)
            return []
          },
        },
      })
      await first.publish(many(100, settle), cause)
      await until(() => expect(handled).toHaveLength(100))
      await first.publish([settle('slow'), ...many(20, settle)], cause)
      await until(async () => expect((await first.figures())[0]?.pending).toBe(21))
      await consumer.stop(50)
      const second = await harness().open('invoicing', { leaseMs: 60_000 })
      second.consume({ handlers: { 'invoices.settle': noting(handled, ({ key }) => `second ${key}`) } })
      await until(() => expect(handled.filter((line) => line.startsWith('second'))).toHaveLength(20))
    })

    it('stops at the deadline: what still runs is told so and begins again elsewhere, on the same attempt', async () => {
      const first = await harness().open('invoicing', { leaseMs: 60_000 })
      let begun = false
      const consumer = first.consume({
        handlers: {
          'invoices.settle': async (_message, { signal }) => {
            begun = true
            await new Promise((resolve) => signal.addEventListener('abort', resolve))
            throw new Error('interrupted')
          },
        },
      })
      await first.publish([settle('k')], cause)
      await until(() => expect(begun).toBe(true))
      const started = performance.now()
      await consumer.stop(100)
      expect(performance.now() - started).toBeLessThan(1_000)
      const attempts: string[] = []
      const second = await harness().open('invoicing', { leaseMs: 60_000 })
      second.consume({ handlers: { 'invoices.settle': noting(attempts, ({ attempt }) => String(attempt)) } })
      await until(() => expect(attempts).toEqual(['1']))
    })

    it('shows by its heartbeat that the loop turns, idle, busy and shut', async () => {
      const bus = await harness().open('invoicing')
      const consumer = bus.consume({ concurrency: 1, handlers: { 'invoices.settle': () => sleep(600).then(() => []) } })
      const shut = bus.consume({ gate: async () => false, handlers: { 'invoices.settle': async () => [] } })
      await bus.publish([settle('k')], cause)
      for (const each of [consumer, shut]) {
        let [turns, last] = [0, each.heartbeatAgeMs()]
        await until(() => {
          const age = each.heartbeatAgeMs()
          if (age < last) turns++
          last = age
          expect(turns).toBeGreaterThanOrEqual(3)
        })
      }
    })
  })
}
