import type { Handler } from '@afo/bus'
import type { Message, NewMessage } from '@afo/contracts'
import { derivedId, newId, sleep } from '@afo/kit'
import { describe, expect, it } from 'vitest'
import { cause, expectDrained, type Harness, many, noting, paid, settle, until } from './harness.js'

/** What a bus that works delivers, to whom, and in which order. */
export function delivery(harness: () => Harness): void {
  const textOn = async (stream: string) =>
    String(/^\{.*\}$/m.exec(await harness().command('XRANGE', harness().key(stream), '-', '+'))?.[0])

  describe('delivery', () => {
    it('hands every command to one of several consumers, once', async () => {
      const handled: string[] = []
      const by = new Set<number>()
      for (const process of [1, 2, 3]) {
        const bus = await harness().open('invoicing')
        const handler: Handler<'invoices.settle'> = async ({ key }) => {
          handled.push(key)
          by.add(process)
          await sleep(1)
          return []
        }
        bus.consume({ handlers: { 'invoices.settle': handler }, concurrency: 5 })
      }
      const bus = await harness().open('gateway')
      const messages = many(300, settle)
      await bus.publish(messages, cause)
      await until(() => expect(handled).toHaveLength(300))
      expect(new Set(handled).size).toBe(300)
      expect(by.size).toBe(3)
      await expectDrained(bus, 'commands.invoicing')
    })

    it('hands every fact to each listening service, also to one that comes later', async () => {
      const heard: string[] = []
      const listen = async (service: 'payments' | 'gateway') => {
        const bus = await harness().open(service)
        bus.consume({ handlers: { 'invoice.paid': noting(heard, ({ key }) => `${service} ${key}`) } })
        return bus
      }
      const payments = await listen('payments')
      await payments.publish(many(3, paid), cause)
      await until(() => expect(heard).toHaveLength(3))
      await listen('gateway')
      await until(() =>
        expect(heard.filter((line) => line.startsWith('gateway'))).toEqual(['gateway 0', 'gateway 1', 'gateway 2']),
      )
      await expectDrained(payments, 'events.invoice')
    })

    it('keeps the order of publishing for a single consumer that handles one at a time', async () => {
      const bus = await harness().open('invoicing')
      const handled: string[] = []
      bus.consume({ handlers: { 'invoices.settle': noting(handled) }, concurrency: 1 })
      await bus.publish(many(50, settle), cause)
      await bus.publish([settle('last')], cause)
      await until(() => expect(handled).toHaveLength(51))
      expect(handled).toEqual([...Array.from({ length: 50 }, (_, i) => String(i)), 'last'])
    })

    it('publishes what a handler says, as an effect of its message, under the same id each time', async () => {
      const bus = await harness().open('invoicing')
      const [id, invoiceId] = [newId(), newId()]
      const heard: Message[] = []
      bus.consume({
        handlers: {
          'invoices.note': async () => [{ name: 'invoice.voided', key: 'k', body: { invoiceId } }],
          'invoice.voided': async (message) => {
            heard.push(message)
            return []
          },
        },
      })
      const note = { name: 'invoices.note', key: 'k', id, body: { invoiceId } } as const
      await bus.publish([note, note], { correlationId: 'chain', causationId: null, tenantId: 'acme' })
      await until(() => expect(heard).toHaveLength(2))
      const expected = {
        id: derivedId(id, 'invoice.voided', 'k'),
        causationId: id,
        correlationId: 'chain',
        tenantId: 'acme',
        attempt: 1,
      }
      for (const message of heard) expect(message).toMatchObject(expected)
    })

    it('acknowledges at once a fact of a stream it reads that it has no handler for', async () => {
      const bus = await harness().open('payments')
      bus.consume({ handlers: { 'invoice.voided': async () => [] } })
      await bus.publish(many(5, paid), cause)
      await expectDrained(bus, 'events.invoice')
      expect(await bus.listDead('payments', { limit: 10 })).toEqual([])
    })

    it('so it does where a process that stopped put that fact into the stream of its own', async () => {
      const bus = await harness().open('payments')
      await bus.publish(many(1, paid), cause)
      await harness().command('XADD', harness().key('commands.payments'), '*', 'm', await textOn('events.invoice'))
      bus.consume({ handlers: { 'invoice.voided': async () => [] } })
      await expectDrained(bus, 'commands.payments')
      expect(await bus.listDead('payments', { limit: 10 })).toEqual([])
    })

    it('keeps apart what has one id on two streams', async () => {
      // So long that no peer's recovery brings what was missed.
      const bus = await harness().open('payments', { leaseMs: 60_000 })
      await bus.publish(many(1, paid), cause)
      const [id = ''] =
        /\d+-\d+/.exec(await harness().command('XRANGE', harness().key('events.invoice'), '-', '+')) ?? []
      await harness().command('XADD', harness().key('commands.payments'), id, 'm', await textOn('events.invoice'))
      const handled: string[] = []
      bus.consume({ handlers: { 'invoice.paid': noting(handled) } })
      await until(() => expect(handled).toEqual(['0', '0']))
      await expectDrained(bus, 'commands.payments')
    })

    it('holds nothing of what has ended: one consumer handles more than it may hold at once', async () => {
      const bus = await harness().open('invoicing')
      const handled: string[] = []
      bus.consume({ handlers: { 'invoices.settle': noting(handled) } })
      for (const part of [1, 2, 3]) {
        await bus.publish(many(500, settle), cause)
        await until(() => expect(handled).toHaveLength(part * 500))
      }
      await expectDrained(bus, 'commands.invoicing')
    })

    it('handles no more of a stream at once than it was told', async () => {
      const bus = await harness().open('invoicing')
      let [running, most, done] = [0, 0, 0]
      const work = async () => {
        most = Math.max(most, ++running)
        await sleep(2)
        running--
        done++
        return []
      }
      bus.consume({ handlers: { 'invoices.settle': work }, concurrency: 4 })
      await bus.publish(many(60, settle), cause)
      await until(() => expect(done).toBe(60))
      expect(most).toBe(4)
    })

    it('goes on after a consumer was closed in the middle, losing and repeating nothing', async () => {
      const handled: string[] = []
      const handler: Handler<'invoices.settle'> = async ({ key }) => {
        await sleep(1)
        handled.push(key)
        return []
      }
      const publisher = await harness().open('gateway')
      await publisher.publish(many(200, settle), cause)
      for (const enough of [50, 120, 200]) {
        const bus = await harness().open('invoicing')
        bus.consume({ handlers: { 'invoices.settle': handler }, concurrency: 10 })
        await until(() => expect(handled.length).toBeGreaterThanOrEqual(enough))
        await bus.close()
      }
      expect([...handled].sort()).toEqual(
        many(200, settle)
          .map(({ key }) => key)
          .sort(),
      )
    })

    it('refuses to publish after it was closed', async () => {
      const bus = await harness().open('gateway')
      await bus.close()
      await expect(bus.publish([settle('k')], cause)).rejects.toMatchObject({ kind: 'unavailable' })
    })

    it('refuses a message that nobody could read, and publishes none of its companions', async () => {
      const bus = await harness().open('gateway')
      const wrong: NewMessage = { name: 'invoices.settle', key: 'k', body: { invoiceIds: ['no id'] } }
      await expect(bus.publish([settle('k'), wrong], cause)).rejects.toMatchObject({ kind: 'bug' })
      expect(await harness().command('XLEN', harness().key('commands.invoicing'))).toBe(':0')
    })

    it("refuses to handle another service's commands", async () => {
      const bus = await harness().open('payments')
      expect(() => bus.consume({ handlers: { 'invoices.settle': async () => [] } })).toThrow(/payments can't handle/)
    })
  })
}
