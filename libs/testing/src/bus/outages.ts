import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bus } from '@afo/bus'
import { AppError } from '@afo/kit'
import { startRedis } from '@afo/sandbox'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cause, expectDrained, type Harness, many, noting, settle, until } from './harness.js'
import { type FaultyProxy, faultyProxy } from './proxy.js'
import { redisCommand } from './redis-command.js'

/** What Redis and the network do to a bus, and that it goes on by itself. */
export function outages(harness: () => Harness): void {
  let proxy: FaultyProxy | undefined
  afterEach(async () => {
    await proxy?.close()
    proxy = undefined
    await harness().command('CONFIG', 'SET', 'maxmemory', 0)
  })
  const stream = () => harness().key('commands.invoicing')

  const consuming = async (url?: string) => {
    const bus = await harness().open('invoicing', {}, url)
    const handled: string[] = []
    const consumer = bus.consume({ handlers: { 'invoices.settle': noting(handled) } })
    await bus.publish([settle('before')], cause)
    await until(() => expect(handled).toContain('before'))
    return { bus, handled, consumer }
  }
  const publishes = (bus: Bus, key: string) => until(() => bus.publish([settle(key)], cause))

  describe('outages', () => {
    it.each([
      ['FLUSHALL', () => [['FLUSHALL']]],
      ['the stream deleted under a waiting read (UNBLOCKED)', (key: string) => [['DEL', key]]],
      ['the group destroyed (NOGROUP)', (key: string) => [['XGROUP', 'DESTROY', key, 'invoicing']]],
    ])('%s: the group is made again and consumption goes on', async (_what, commands) => {
      const { bus, handled } = await consuming()
      for (const command of commands(stream())) await harness().command(...command)
      await publishes(bus, 'after')
      await until(() => expect(handled).toContain('after'))
      await expectDrained(bus, 'commands.invoicing')
    })

    it('FLUSHALL while messages are in hand: they are finished, and the next ones come', async () => {
      const bus = await harness().open('invoicing')
      let release: (value?: unknown) => void = () => undefined
      const held = new Promise((resolve) => {
        release = resolve
      })
      const handled: string[] = []
      bus.consume({
        handlers: {
          'invoices.settle': async ({ key }) => {
            if (key === '0') await held
            if (key === '1') {
              await held
              throw new Error('fails after the flush')
            }
            handled.push(key)
            return []
          },
        },
      })
      await bus.publish(many(2, settle), cause)
      await until(async () => expect((await bus.figures())[0]?.pending).toBe(2))
      await harness().command('FLUSHALL')
      await publishes(bus, 'after')
      await until(() => expect(handled).toEqual(['after']))
      release()
      await until(() => expect(handled).toEqual(['after', '0']))
    })

    it('READONLY (demoted): publishing fails as unavailable, consumption resumes with the new master', async () => {
      const { bus, handled } = await consuming()
      await harness().command('REPLICAOF', '127.0.0.1', 1)
      await expect(bus.publish([settle('refused')], cause)).rejects.toMatchObject({ kind: 'unavailable' })
      await harness().command('REPLICAOF', 'NO', 'ONE')
      await publishes(bus, 'after')
      await until(() => expect(handled).toContain('after'))
      expect(handled).not.toContain('refused')
    })

    it('OOM: publishing fails as unavailable, a failing message is kept where it is, all goes on with memory', async () => {
      const bus = await harness().open('invoicing')
      const attempts: number[] = []
      let full = false
      bus.consume({
        handlers: {
          'invoices.settle': async ({ attempt }) => {
            if (attempts.push(attempt) > 1) return []
            await harness().command('CONFIG', 'SET', 'maxmemory', 1)
            full = true
            throw new AppError('notReady', 'again')
          },
        },
      })
      await bus.publish([settle('k')], cause)
      await until(() => expect(full).toBe(true))
      await expect(bus.publish([settle('refused')], cause)).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'redis-oom',
      })
      expect((await bus.figures())[0]).toMatchObject({ length: 1, pending: 1, delayed: 0 })
      await harness().command('CONFIG', 'SET', 'maxmemory', 0)
      await until(() => expect(attempts).toEqual([1, 2]))
      await expectDrained(bus, 'commands.invoicing')
    })

    it('a pause of Redis: commands time out instead of hanging, then all goes on', async () => {
      const { bus, handled } = await consuming()
      await harness().command('CLIENT', 'PAUSE', 1_500, 'ALL')
      const started = performance.now()
      await expect(bus.ping()).rejects.toMatchObject({ kind: 'unavailable' })
      expect(performance.now() - started).toBeLessThan(1_400)
      await publishes(bus, 'after')
      await until(() => expect(handled).toContain('after'))
    })

    it('a restart with its data, LOADING for a while: what was accepted is handled, by the process that was there', async () => {
      const dir = await mkdtemp(join(tmpdir(), 'ampedfieldops-loading-'))
      // The installed one whatever TEST_CONTAINERS says: an image's files would end with its container.
      const first = await startRedis({ dir, appendOnly: true })
      const bus = await harness().open('invoicing', {}, first.url)
      await bus.publish(many(2500, settle), cause)
      await first.close()
      await expect(bus.publish([settle('refused')], cause)).rejects.toMatchObject({ kind: 'unavailable' })
      const handled: string[] = []
      bus.consume({ handlers: { 'invoices.settle': noting(handled) } })
      // While it loads, Redis answers (LOADING) after every 1024 commands.
      const slowly = { 'key-load-delay': '400' }
      const starting = startRedis({ dir, appendOnly: true, port: first.port, config: slowly })
      await until(async () => expect(await redisCommand(first.url, 'GET', 'x')).toContain('LOADING'))
      const second = await starting
      try {
        await until(() => expect(handled).toHaveLength(2500))
      } finally {
        await bus.close()
        await second.close()
        await rm(dir, { recursive: true, force: true })
      }
    })

    it('connections reset: reads, renewals and publishing go on over new ones', async () => {
      proxy = await faultyProxy(harness().url)
      const { bus, handled } = await consuming(proxy.url)
      for (const key of ['1', '2', '3']) {
        proxy.cut()
        await publishes(bus, key)
        await until(() => expect(handled).toContain(key))
      }
    })

    it('a half-open line, silent but not closed: noticed and replaced', async () => {
      proxy = await faultyProxy(harness().url)
      const { bus, handled, consumer } = await consuming(proxy.url)
      proxy.mode = 'hole'
      await expect(bus.publish([settle('hole')], cause)).rejects.toMatchObject({ kind: 'unavailable' })
      await vi.waitFor(() => expect(consumer.heartbeatAgeMs()).toBeLessThan(100), 4_000)
      proxy.mode = 'pass'
      await publishes(bus, 'after')
      await until(() => expect(handled).toContain('after'))
    })

    it('a lost answer: the caller hears that it is unknown, and nothing is sent a second time', async () => {
      proxy = await faultyProxy(harness().url)
      const bus = await harness().open('gateway', {}, proxy.url)
      for (let i = 1; i <= 20; i++) {
        proxy.mode = 'deaf'
        const published = bus.publish([settle('k')], cause)
        published.catch(() => undefined)
        await until(async () => expect(await harness().command('XLEN', stream())).toBe(`:${i}`))
        proxy.cut()
        await expect(published).rejects.toMatchObject({ kind: 'unavailable' })
        proxy.mode = 'pass'
        await until(() => bus.ping())
      }
      expect(await harness().command('XLEN', stream())).toBe(':20')
    })

    it("a replica's clock an hour off, either way, changes no delay: time is Redis's", async () => {
      for (const offHours of [-1, 1]) {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offHours * 3_600_000 })
        try {
          const bus = await harness().open('invoicing')
          const times: number[] = []
          bus.consume({
            handlers: {
              'invoices.settle': async () => {
                if (times.push(performance.now()) === 1) throw new AppError('throttled', 'later', { retryAfterMs: 150 })
                return []
              },
            },
          })
          await bus.publish([settle('k')], cause)
          await until(() => expect(times).toHaveLength(2))
          const [first = 0, second = 0] = times
          expect(second - first).toBeGreaterThan(140)
          expect(second - first).toBeLessThan(1_000)
          expect((await bus.figures())[0]?.oldestPendingMs ?? 0).toBeLessThan(10_000)
          await bus.close()
        } finally {
          vi.useRealTimers()
        }
      }
    })

    it('does not start without a Redis, nor on one that may evict', async () => {
      const nowhere = harness().open('gateway', { connectMs: 200 }, 'redis://127.0.0.1:1')
      await expect(nowhere).rejects.toMatchObject({ kind: 'unavailable' })
      await harness().command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
      try {
        await expect(harness().open('gateway')).rejects.toMatchObject({ kind: 'invalid' })
      } finally {
        await harness().command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      }
    })
  })
}
