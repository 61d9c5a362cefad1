import { newId } from '@afo/kit'
import { describe, expect, it } from 'vitest'
import { cause, type Harness, many, paid, settle, until } from './harness.js'

/** What is seen of the bus from outside: live views, figures, metrics; and its small change. */
export function views(harness: () => Harness): void {
  describe('tail', () => {
    const read = async (bus: Awaited<ReturnType<Harness['open']>>, after: string, count: number) => {
      const seen: { id: string; key: string }[] = []
      const enough = new AbortController()
      for await (const { id, message } of bus.tail(['events.invoice', 'events.xero'], after, enough.signal)) {
        if (seen.push({ id, key: message.key }) === count) enough.abort()
      }
      return seen
    }
    const connected = (key: string) =>
      ({ name: 'xero.connected', key, id: newId(), body: { tenantId: 't', tenantName: 'n' } }) as const

    it('shows what comes on all its streams, and from any position on misses and repeats nothing', async () => {
      const bus = await harness().open('gateway')
      await bus.publish([paid('early')], cause)
      const live = read(bus, '$', 6)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await bus.publish([paid('a'), connected('b'), paid('c')], cause)
      await bus.publish([connected('d'), paid('e'), connected('f')], cause)
      const seen = await live
      expect(seen.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
      for (let i = 0; i < 5; i++) {
        const rest = await read(bus, seen[i]?.id ?? '', 5 - i)
        expect(rest.map(({ key }) => key)).toEqual(seen.slice(i + 1).map(({ key }) => key))
      }
      expect((await read(bus, '0', 7)).map(({ key }) => key)).toContain('early')
    })

    it('skips what it cannot read, and refuses what is no position', async () => {
      const bus = await harness().open('gateway')
      await harness().command('XADD', harness().key('events.invoice'), '*', 'm', '{')
      await bus.publish([paid('a')], cause)
      expect((await read(bus, '0', 1)).map(({ key }) => key)).toEqual(['a'])
      await expect(read(bus, "'; drop", 1)).rejects.toMatchObject({ kind: 'invalid' })
    })

    it('ends when the bus closes', async () => {
      const bus = await harness().open('gateway')
      const live = read(bus, '$', 1)
      await bus.close()
      expect(await live).toEqual([])
    })
  })

  describe('figures', () => {
    it('tell what waits, what is in hand, what is delayed and what is dead', async () => {
      const registry = harness().registry()
      const bus = await harness().open('invoicing', { retryBaseMs: 60_000, retryCapMs: 60_000 }, undefined, registry)
      let release: (value?: unknown) => void = () => undefined
      const held = new Promise((resolve) => {
        release = resolve
      })
      const { AppError } = await import('@afo/kit')
      bus.consume({
        concurrency: 2,
        handlers: {
          'invoices.settle': async ({ key }) => {
            if (key === '0') throw new AppError('notReady', 'later')
            if (key === '1') throw new AppError('invalid', 'never')
            await held
            return []
          },
        },
      })
      await bus.publish(many(7, settle), cause)
      const expected = {
        stream: 'commands.invoicing',
        group: 'invoicing',
        length: 5,
        lag: 3,
        pending: 2,
        delayed: 1,
        dead: 1,
      }
      await until(async () =>
        expect(await bus.figures()).toEqual([{ ...expected, oldestPendingMs: expect.any(Number) }]),
      )
      const shown = await registry.metrics()
      for (const line of ['lag"} 3', 'delayed"} 1'])
        expect(shown).toContain(`bus_backpressure{stream="commands.invoicing",figure="${line}`)
      for (const outcome of ['notReady', 'invalid']) {
        expect(shown).toContain(`bus_handling_seconds_count{message="invoices.settle",outcome="${outcome}"} 1`)
      }
      release()
      await until(async () => expect((await bus.figures())[0]).toMatchObject({ length: 0, lag: 0, pending: 0 }))
    })

    it('are missing from a scrape without Redis, which works nevertheless', async () => {
      const registry = harness().registry()
      const bus = await harness().open('invoicing', {}, undefined, registry)
      await bus.close()
      expect(await registry.metrics()).toContain('bus_vanished_total 0')
    })
  })

  describe('small change', () => {
    it('a value is taken once, and gone after its time', async () => {
      const { ephemeral } = await harness().open('gateway')
      await ephemeral.put('state', 'secret', 5_000)
      const taken = await Promise.all([ephemeral.take('state'), ephemeral.take('state')])
      expect(taken.sort()).toEqual(['secret', null].sort())
      await ephemeral.put('state', 'brief', 30)
      await until(async () => expect(await ephemeral.take('state')).toBeNull(), 1_000)
    })

    it('hits are counted within a window that begins with the first', async () => {
      const { ephemeral } = await harness().open('gateway')
      const first = await ephemeral.hit('ip', 100)
      expect(first.count).toBe(1)
      expect(first.resetMs).toBeLessThanOrEqual(100)
      expect((await ephemeral.hit('ip', 100)).count).toBe(2)
      await until(async () => expect((await ephemeral.hit('ip', 100)).count).toBe(1), 1_000)
    })

    it('scripts run, also after Redis has forgotten them, on keys of this bus alone', async () => {
      const bus = await harness().open('gateway')
      const lua = "redis.call('SET', KEYS[1], ARGV[1]) return { KEYS[1], redis.call('GET', KEYS[1]) }"
      for (const value of ['1', '2']) {
        expect(await bus.runScript(lua, ['{limit}:a'], [value])).toEqual([harness().key('{limit}:a'), value])
        await harness().command('SCRIPT', 'FLUSH')
      }
      await expect(bus.runScript('return nonsense(', [], [])).rejects.toMatchObject({ kind: 'bug' })
    })
  })
}
