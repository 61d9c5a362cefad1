import type { Bus, Handler } from '@afo/bus'
import { AppError, type ErrorKind, newId, sleep } from '@afo/kit'
import { describe, expect, it } from 'vitest'
import { cause, expectDrained, type Harness, many, noting, paid, settle, until } from './harness.js'

/** What becomes of a message whose handling fails: the table of consequences, message by message. */
export function failures(harness: () => Harness): void {
  const failing = async (error: () => unknown, times = Number.POSITIVE_INFINITY) => {
    const bus = await harness().open('invoicing')
    const attempts: number[] = []
    const dead: unknown[] = []
    const handler: Handler<'invoices.settle'> = async ({ attempt }) => {
      attempts.push(attempt)
      if (attempts.length <= times) throw error()
      return []
    }
    bus.consume({ handlers: { 'invoices.settle': handler }, onDead: ({ error: why }) => dead.push(why) })
    await bus.publish([settle('k')], cause)
    return { bus, attempts, dead }
  }
  const letters = (bus: Bus) => bus.listDead('invoicing', { limit: 100 })

  describe('failures', () => {
    it.each<ErrorKind>(['notReady', 'unavailable', 'bug'])(
      '%s: tries again, counting, until it works',
      async (kind) => {
        const { bus, attempts } = await failing(() => new AppError(kind, 'not yet'), 3)
        await until(() => expect(attempts).toEqual([1, 2, 3, 4]))
        await expectDrained(bus, 'commands.invoicing')
        expect(await letters(bus)).toEqual([])
      },
    )

    it('gives up after the last attempt: the dead letters have it, with the reason', async () => {
      const { bus, attempts, dead } = await failing(() => new TypeError('oh no'))
      await until(() => expect(dead).toHaveLength(1))
      expect(attempts).toEqual([1, 2, 3, 4, 5, 6])
      await until(async () =>
        expect(await letters(bus)).toMatchObject([
          { name: 'invoices.settle', reason: 'oh no', kind: 'bug', attempt: 6 },
        ]),
      )
      await expectDrained(bus, 'commands.invoicing')
    })

    it.each<ErrorKind>(['invalid', 'rejected'])('%s: the dead letters at once', async (kind) => {
      const { bus, attempts } = await failing(() => new AppError(kind, 'never', { code: 'AFO-1' }))
      await until(async () =>
        expect(await letters(bus)).toMatchObject([{ kind, code: 'AFO-1', attempt: 1, service: 'invoicing' }]),
      )
      expect(attempts).toEqual([1])
    })

    it('throttled: comes back when it was told to, without using up an attempt', async () => {
      const started = performance.now()
      const { attempts } = await failing(() => new AppError('throttled', 'slow down', { retryAfterMs: 200 }), 1)
      await until(() => expect(attempts).toEqual([1, 1]))
      expect(performance.now() - started).toBeGreaterThan(200)
    })

    it('an open breaker burns no attempt', async () => {
      const { attempts } = await failing(() => new AppError('unavailable', 'open', { countsAsAttempt: false }), 4)
      await until(() => expect(attempts).toEqual([1, 1, 1, 1, 1]))
    })

    it('disconnected: puts the message back and reads on only when the gate opens', async () => {
      const bus = await harness().open('invoicing')
      const handled: string[] = []
      let [connected, asked] = [true, 0]
      bus.consume({
        concurrency: 1,
        gate: async () => {
          asked++
          return connected
        },
        handlers: {
          'invoices.settle': async ({ key, attempt }) => {
            if (handled.push(`${key} ${attempt}`) > 1) return []
            connected = false
            throw new AppError('disconnected', 'consent is gone')
          },
        },
      })
      await bus.publish([settle('a'), settle('b')], cause)
      await until(() => expect(handled).toEqual(['a 1']))
      const before = asked
      await until(() => expect(asked).toBeGreaterThan(before + 3))
      expect(handled).toEqual(['a 1'])
      connected = true
      await until(() => expect([...handled].sort()).toEqual(['a 1', 'a 1', 'b 1']))
    })

    it('poison: what cannot be read goes to the dead letters at once and holds up nothing', async () => {
      const bus = await harness().open('invoicing')
      const stream = harness().key('commands.invoicing')
      const handled: string[] = []
      bus.consume({ handlers: { 'invoices.settle': noting(handled) } })
      await bus.publish(many(20, settle), cause)
      const [good] = many(1, settle)
      const known = {
        ...good,
        version: 1,
        at: '2026-11-23T00:00:00Z',
        tenantId: null,
        correlationId: 'c',
        causationId: null,
        traceparent: null,
      }
      const sound = { ...known, attempt: 1, firstSeenAt: '2026-11-23T00:00:00Z' }
      const poison = [
        '{',
        'null',
        '{}',
        JSON.stringify({ ...sound, name: 'invoices.eat' }),
        JSON.stringify({ ...sound, version: 99 }),
      ]
      poison.push(
        JSON.stringify({ ...sound, body: { invoiceIds: [] } }),
        JSON.stringify({ ...sound, name: 'invoices.note', body: { invoiceId: newId() } }),
      )
      for (const raw of poison) await harness().command('XADD', stream, '*', 'm', raw)
      await harness().command('XADD', stream, '*', 'foreign', 'field')
      await bus.publish(many(20, settle), cause)
      await until(() => expect(handled).toHaveLength(40))
      await until(async () => expect(await letters(bus)).toHaveLength(poison.length + 1))
      const codes = (await letters(bus)).map(({ code }) => code)
      expect(new Set(codes)).toEqual(new Set(['unreadable', 'no-handler']))
      expect((await letters(bus)).map(({ raw }) => raw)).toEqual(expect.arrayContaining(poison))
      await expectDrained(bus, 'commands.invoicing')
    })

    it('a fact that failed for one service comes back to that service alone', async () => {
      const heard: string[] = []
      const [payments, gateway] = [await harness().open('payments'), await harness().open('gateway')]
      payments.consume({
        handlers: {
          'invoice.paid': async ({ attempt }) => {
            heard.push(`payments ${attempt}`)
            if (attempt < 3) throw new AppError('notReady', 'wait')
            return []
          },
        },
      })
      gateway.consume({
        handlers: { 'invoice.paid': noting(heard, ({ attempt }) => `gateway ${attempt}`) },
      })
      await gateway.publish([paid('k')], cause)
      await until(() => expect(heard).toContain('payments 3'))
      await expectDrained(payments, 'events.invoice')
      expect(heard.sort()).toEqual(['gateway 1', 'payments 1', 'payments 2', 'payments 3'])
    })

    it('ends a handling that takes too long: tells it, then stops waiting and tries again', async () => {
      const bus = await harness().open('invoicing', { graceMs: 50, handlerMs: 50 })
      const seen: string[] = []
      bus.consume({
        handlers: {
          'invoices.settle': async ({ attempt }, { signal }) => {
            signal.addEventListener('abort', () => seen.push(`told ${attempt}`))
            if (attempt === 1) await sleep(100_000, AbortSignal.timeout(3_000))
            if (attempt === 2)
              await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('so I stop'))))
            seen.push(`done ${attempt}`)
            return []
          },
        },
      })
      await bus.publish([settle('k')], cause)
      await until(() => expect(seen).toEqual(['told 1', 'told 2', 'done 3']))
    })

    it('does not acknowledge what it could not publish the answer of', async () => {
      const bus = await harness().open('invoicing')
      const seen: number[] = []
      bus.consume({
        handlers: {
          'invoices.settle': async ({ attempt }) => {
            seen.push(attempt)
            return [{ name: 'invoice.voided', key: 'k', body: { invoiceId: attempt < 3 ? 'no id' : newId() } }]
          },
        },
      })
      await bus.publish([settle('k')], cause)
      await until(() => expect(seen).toEqual([1, 2, 3]))
      expect(await harness().command('XLEN', harness().key('events.invoice'))).toBe(':1')
    })

    it('outlives a listener that throws', async () => {
      const bus = await harness().open('invoicing')
      const handled: string[] = []
      bus.consume({
        onDead: () => {
          throw new Error('listener')
        },
        handlers: {
          'invoices.settle': async ({ key }) => {
            handled.push(key)
            if (key === '0') throw new AppError('invalid', 'no')
            return []
          },
        },
      })
      await bus.publish(many(3, settle), cause)
      await until(() => expect(handled).toEqual(['0', '1', '2']))
      await until(async () => expect(await letters(bus)).toHaveLength(1))
    })
  })
}
