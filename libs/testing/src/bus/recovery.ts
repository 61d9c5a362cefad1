import { sleep } from '@afo/kit'
import { describe, expect, it } from 'vitest'
import { cause, expectDrained, type Harness, many, noting, paid, settle, until } from './harness.js'

/** What is left behind, by whom, and who takes care of it. */
export function recovery(harness: () => Harness): void {
  const stream = () => harness().key('commands.invoicing')
  /** Reads as a process that then dies: what it was given stays pending in its name. */
  const ghost = (count: number, key = stream(), group = 'invoicing') =>
    harness().command('XREADGROUP', 'GROUP', group, 'ghost', 'COUNT', count, 'STREAMS', key, '>')
  const withGroup = async () => {
    const bus = await harness().open('invoicing')
    await harness().command('XGROUP', 'CREATE', stream(), 'invoicing', 0, 'MKSTREAM')
    return bus
  }

  describe('recovery', () => {
    it('leaves alone what its owner still works on, however long that takes', async () => {
      const [begun, ended]: [string[], string[]] = [[], []]
      for (const who of ['a', 'b']) {
        const bus = await harness().open('invoicing')
        const slow = async () => {
          begun.push(who)
          await sleep(1_500)
          ended.push(who)
          return []
        }
        bus.consume({ handlers: { 'invoices.settle': slow } })
      }
      const bus = await harness().open('gateway')
      await bus.publish([settle('k')], cause)
      await until(() => expect(ended).toHaveLength(1))
      expect(begun).toEqual(ended)
      await expectDrained(bus, 'commands.invoicing')
    })

    it("takes over a dead process's messages when their lease is over, not before", async () => {
      const bus = await withGroup()
      await bus.publish(many(30, settle), cause)
      await ghost(20)
      const died = performance.now()
      const handled = new Map<string, number>()
      bus.consume({
        handlers: {
          'invoices.settle': async ({ key }) => {
            handled.set(key, performance.now() - died)
            return []
          },
        },
      })
      await until(() => expect(handled.size).toBe(30))
      const waited = [...handled].filter(([key]) => Number(key) < 20).map(([, ms]) => ms)
      expect(Math.min(...waited)).toBeGreaterThan(400)
      expect(Math.max(...waited)).toBeLessThan(2_500)
      await expectDrained(bus, 'commands.invoicing')
    })

    it('takes over facts too, on their stream and on that where they are tried again', async () => {
      const bus = await harness().open('payments')
      const key = harness().key('events.invoice')
      const own = harness().key('commands.payments')
      for (const each of [key, own]) await harness().command('XGROUP', 'CREATE', each, 'payments', 0, 'MKSTREAM')
      await bus.publish(many(2, paid), cause)
      const copy = await harness().command('XRANGE', key, '-', '+', 'COUNT', 1)
      await harness().command('XADD', own, '*', 'm', copy.split('\r\n').at(-1) ?? '')
      await ghost(2, key, 'payments')
      await ghost(1, own, 'payments')
      const handled: string[] = []
      bus.consume({ handlers: { 'invoice.paid': noting(handled) } })
      await until(() => expect(handled.sort()).toEqual(['0', '0', '1']))
    })

    it('buries a message that was handed out too often without an end: it may kill its process', async () => {
      const bus = await withGroup()
      await bus.publish([settle('killer')], cause)
      await ghost(1)
      const [id = ''] = /\d+-\d+/.exec(await harness().command('XPENDING', stream(), 'invoicing')) ?? []
      await harness().command('XCLAIM', stream(), 'invoicing', 'ghost', 0, id, 'RETRYCOUNT', 10)
      bus.consume({ handlers: { 'invoices.settle': async () => expect.fail('handled') } })
      await until(async () =>
        expect(await bus.listDead('invoicing', { limit: 1 })).toMatchObject([{ code: 'never-ends' }]),
      )
      await expectDrained(bus, 'commands.invoicing')
    })

    it('notices pending messages that are gone from their stream, and goes on', async () => {
      const registry = harness().registry()
      const bus = await harness().open('invoicing', {}, undefined, registry)
      await harness().command('XGROUP', 'CREATE', stream(), 'invoicing', 0, 'MKSTREAM')
      await bus.publish(many(3, settle), cause)
      await ghost(3)
      await harness().command('XTRIM', stream(), 'MAXLEN', 1)
      const handled: string[] = []
      bus.consume({ handlers: { 'invoices.settle': noting(handled) } })
      await until(() => expect(handled).toEqual(['2']))
      expect(await registry.metrics()).toContain('bus_vanished_total 2')
      await expectDrained(bus, 'commands.invoicing')
    })

    it('stops the handling of what a peer has taken over, and lets its late word change nothing', async () => {
      const bus = await harness().open('invoicing')
      let told = ''
      bus.consume({
        handlers: {
          'invoices.settle': async (_message, { signal }) => {
            await new Promise((resolve) => signal.addEventListener('abort', resolve))
            told = String((signal.reason as { code: string }).code)
            throw new Error('a failure that would be tried again')
          },
        },
      })
      await bus.publish([settle('k')], cause)
      let id = ''
      await until(async () => {
        id = /\d+-\d+/.exec(await harness().command('XPENDING', stream(), 'invoicing'))?.[0] ?? ''
        expect(id).not.toBe('')
      })
      await harness().command('XCLAIM', stream(), 'invoicing', 'peer', 0, id)
      await until(() => expect(told).toBe('lease-lost'))
      const figures = async () => (await bus.figures())[0]
      expect(await figures()).toMatchObject({ length: 1, pending: 1, delayed: 0 })
      await harness().command('XACK', stream(), 'invoicing', id)
    })

    it('forwards each delayed message once, however many replicas do it', async () => {
      const publisher = await harness().open('gateway')
      const attempts: string[] = []
      for (let replica = 0; replica < 3; replica++) {
        const bus = await harness().open('invoicing', { retryBaseMs: 30, retryCapMs: 30 })
        bus.consume({
          concurrency: 50,
          handlers: {
            'invoices.settle': async ({ key, attempt }) => {
              attempts.push(`${key} ${attempt}`)
              if (attempt < 4) throw new Error('again')
              return []
            },
          },
        })
      }
      await publisher.publish(many(150, settle), cause)
      await until(() => expect(attempts).toHaveLength(600))
      await expectDrained(publisher, 'commands.invoicing')
      expect(new Set(attempts).size).toBe(600)
    })

    it("removes ended processes' consumers, unless they hold something", async () => {
      const key = harness().key('events.invoice')
      const bus = await harness().open('payments', { consumerIdleMs: 150, leaseMs: 60_000 })
      await harness().command('XGROUP', 'CREATE', key, 'payments', 0, 'MKSTREAM')
      await bus.publish([paid('k')], cause)
      await ghost(1, key, 'payments')
      await harness().command('XGROUP', 'CREATECONSUMER', key, 'payments', 'gone')
      bus.consume({ handlers: { 'invoice.paid': async () => [] } })
      await until(async () => {
        const consumers = await harness().command('XINFO', 'CONSUMERS', key, 'payments')
        expect(consumers).not.toContain('gone')
        expect(consumers).toContain('ghost')
      })
    })

    it('trims facts that all groups have finished and no live view may want, and no others', async () => {
      const length = async (bus: { figures(): Promise<readonly { stream: string; length: number }[]> }) =>
        (await bus.figures()).find(({ stream }) => stream === 'events.invoice')?.length
      const [payments, gateway] = [
        await harness().open('payments', { retentionMs: 0 }),
        await harness().open('gateway', { retentionMs: 0 }),
      ]
      const key = harness().key('events.invoice')
      for (const group of ['payments', 'gateway'])
        await harness().command('XGROUP', 'CREATE', key, group, 0, 'MKSTREAM')
      await payments.publish(many(10, paid), cause)
      let release: (value?: unknown) => void = () => undefined
      const held = new Promise((resolve) => {
        release = resolve
      })
      const handled: string[] = []
      payments.consume({
        concurrency: 20,
        handlers: {
          'invoice.paid': async ({ key: name }) => {
            if (name === '4') await held
            handled.push(name)
            return []
          },
        },
      })
      await until(() => expect(handled).toHaveLength(9))
      await sleep(300)
      expect(await length(payments)).toBe(10)
      gateway.consume({ handlers: { 'invoice.paid': async () => [] } })
      await until(async () => expect(await length(payments)).toBe(6))
      release()
      await until(async () => expect(await length(payments)).toBeLessThanOrEqual(1))
      expect(handled).toHaveLength(10)
    })

    it('keeps facts for live views to resume from', async () => {
      const bus = await harness().open('payments', { retentionMs: 60_000 })
      const handled: string[] = []
      bus.consume({ handlers: { 'invoice.paid': noting(handled) } })
      await bus.publish(many(5, paid), cause)
      await until(() => expect(handled).toHaveLength(5))
      await sleep(300)
      expect(await harness().command('XLEN', harness().key('events.invoice'))).toBe(':5')
    })
  })
}
