import type { Bus } from '@afo/bus'
import { AppError } from '@afo/kit'
import { describe, expect, it } from 'vitest'
import { cause, expectDrained, type Harness, many, paid, settle, until } from './harness.js'

/** What becomes of the messages that nobody could handle. */
export function deadLetters(harness: () => Harness): void {
  const letters = (bus: Bus) => bus.listDead('invoicing', { limit: 100 })
  /** So many dead letters, each of which would be handled now. */
  const dead = async (count: number) => {
    const bus = await harness().open('invoicing')
    const handled: { readonly id: string; readonly attempt: number }[] = []
    bus.consume({
      handlers: {
        'invoices.settle': async ({ id, attempt }) => {
          if (handled.push({ id, attempt }) <= count) throw new AppError('rejected', 'no')
          return []
        },
      },
    })
    await bus.publish(many(count, settle), cause)
    await until(async () => expect(await letters(bus)).toHaveLength(count))
    return { bus, handled, ids: (await letters(bus)).map(({ id }) => id) }
  }

  describe('dead letters', () => {
    it('one is redriven under its own id, from the first attempt, once however many ask', async () => {
      const { bus, handled, ids } = await dead(1)
      const other = await harness().open('gateway')
      const moved = await Promise.all([bus, other, bus, other].map((each) => each.redrive('invoicing', ids)))
      expect(moved.reduce((a, b) => a + b)).toBe(1)
      await until(() => expect(handled).toHaveLength(2))
      expect(handled[1]).toEqual({ ...handled[0], attempt: 1 })
      await expectDrained(bus, 'commands.invoicing')
      expect(await letters(bus)).toEqual([])
    })

    it('many are redriven at once, each once; one that is not there counts nothing, and the others stay', async () => {
      const { bus, handled, ids } = await dead(4)
      const [kept, ...given] = ids
      expect(await bus.redrive('invoicing', [...given, '1-0@commands.invoicing', ...given])).toBe(3)
      await until(() => expect(handled).toHaveLength(7))
      await expectDrained(bus, 'commands.invoicing')
      expect(new Set(handled.slice(4).map(({ id }) => id)).size).toBe(3)
      expect((await letters(bus)).map(({ id }) => id)).toEqual([kept])
    })

    it('are paged through, those of all streams, newest first', async () => {
      const bus = await harness().open('invoicing')
      const fail = async () => {
        throw new AppError('rejected', 'no')
      }
      bus.consume({ handlers: { 'invoices.settle': fail, 'invoice.paid': fail } })
      for (let i = 0; i < 4; i++) await bus.publish([settle(`c${i}`), paid(`f${i}`)], cause)
      await until(async () => expect(await letters(bus)).toHaveLength(8))
      const all = await letters(bus)
      const paged: string[] = []
      for (let before: string | undefined; paged.length < 8; before = paged.at(-1)) {
        const page = await bus.listDead('invoicing', { limit: 3, ...(before ? { before } : {}) })
        paged.push(...page.map(({ id }) => id))
      }
      expect(paged).toEqual(all.map(({ id }) => id))
      expect(all.map(({ deadAt }) => deadAt)).toEqual(
        all
          .map(({ deadAt }) => deadAt)
          .sort()
          .reverse(),
      )
    })
  })
}
