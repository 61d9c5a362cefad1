import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { cause, many, quick, settle, until } from '../../../testing/src/bus/harness.js'
import { faultyProxy } from '../../../testing/src/bus/proxy.js'
import { redisCommand } from '../../../testing/src/bus/redis-command.js'
import { type TestRedis, testRedis } from '../../../testing/src/redis/index.js'
import { ProcessRig, size } from './rig.js'

const points = ['before its effect', 'after its effect', 'before publishing', 'before acknowledging', 'outside']
const tell = (run: string, counts: object) => console.log(JSON.stringify({ run, ...counts }))

describe('processes', () => {
  let redis: TestRedis
  let rig: ProcessRig
  beforeAll(async () => {
    redis = await testRedis()
  })
  afterAll(() => redis.close())
  afterEach(() => rig?.close())

  it('killed at five points, again and again: nothing is lost, nothing takes effect twice', async () => {
    const [kills, count] = [size('KILLS', 25), size('MESSAGES', 2_500)]
    // A message goes down with many processes here, and is not the one to blame.
    rig = await ProcessRig.open(redis.url, { ...quick, maxDeliveries: 10_000 })
    const messages = many(count, settle)
    await rig.publish(messages)
    let started = 0
    const oneIn = Math.max(5, Math.floor(count / kills / 4))
    const dying = async () => {
      while (started < kills) {
        const worker = await rig.start({ point: points[started++ % points.length] as string, oneIn })
        if (worker.signalCode === null) await once(worker, 'exit')
      }
    }
    await Promise.all(Array.from({ length: size('LANES', 4) }, dying))
    const before = await rig.ledger()
    await Promise.all([rig.start(), rig.start()])
    await rig.drained(600_000)
    const { handled, effects } = await rig.ledger()
    const lost = await rig.lost(messages)
    const dead = (await rig.bus.listDead('invoicing', { limit: 10 })).length
    tell('kills', { kills, messages: count, handledBeforeTheLast: before.handled, handled, lost, effects, dead })
    expect({ lost, effects, dead }).toEqual({ lost: 0, effects: count, dead: 0 })
    // Only a death repeats a handling: of the 20 that run at once, and of as many again whose shared acknowledgement was on its way.
    expect(handled - count).toBeLessThanOrEqual(kills * 40)
  }, 7_200_000)

  it('without a death each message is handled exactly once', async () => {
    const count = 1_000
    // Real leases: this machine holding up a worker is no death.
    rig = await ProcessRig.open(redis.url, {})
    await Promise.all([rig.start(), rig.start()])
    await rig.publish(many(count, settle))
    await rig.drained(60_000)
    const { handled, effects } = await rig.ledger()
    expect({ handled, effects }).toEqual({ handled: count, effects: count })
  }, 120_000)

  it('FLUSHALL in the middle of a load: what was asked for is asked again, nothing is lost, soon all is done', async () => {
    const count = size('FLUSH_MESSAGES', 1_000)
    rig = await ProcessRig.open(redis.url)
    const messages = many(count, settle)
    await Promise.all([rig.start({ handlingMs: 2 }), rig.start({ handlingMs: 2 })])
    await rig.publish(messages)
    await until(async () => expect((await rig.ledger()).handled).toBeGreaterThan(count / 5), 60_000)
    await redisCommand(redis.url, 'FLUSHALL')
    const flushed = performance.now()
    // What Postgres does for the product: whatever has no end yet is published again.
    const { has } = await rig.ledger()
    const open = []
    for (const message of messages) if (!(await has(String(message.id)))) open.push(message)
    await rig.publish(open)
    await rig.drained(60_000)
    const seconds = (performance.now() - flushed) / 1000
    const { handled, effects } = await rig.ledger()
    const lost = await rig.lost(messages)
    tell('flush', { messages: count, again: open.length, handled, lost, effects, drainedInSeconds: seconds })
    expect({ lost, effects }).toEqual({ lost: 0, effects: count })
    expect(seconds).toBeLessThan(60)
  }, 300_000)

  it('an answer to XADD that is lost, and the message published again: nothing takes effect twice', async () => {
    const times = size('LOST_ANSWERS', 20)
    const proxy = await faultyProxy(redis.url)
    try {
      rig = await ProcessRig.open(proxy.url, quick, redis.url)
      await rig.start()
      for (const message of many(times, settle)) {
        proxy.mode = 'deaf'
        const published = rig.bus.publish([message], cause)
        published.catch(() => undefined)
        await until(async () => expect(await (await rig.ledger()).has(String(message.id))).toBe(true))
        proxy.cut()
        await expect(published).rejects.toMatchObject({ kind: 'unavailable' })
        proxy.mode = 'pass'
        await rig.publish([message])
      }
      await rig.drained(30_000)
      const { handled, effects } = await rig.ledger()
      tell('lost answers', { times, handled, effects })
      expect({ handled, effects }).toEqual({ handled: 2 * times, effects: times })
    } finally {
      await proxy.close()
    }
  }, 900_000)

  it("a dead peer's work is taken over by real durations", async () => {
    const [deaths, each] = [size('DEATHS', 1), 20]
    rig = await ProcessRig.open(redis.url, {})
    const waits: number[] = []
    for (let death = 0; death < deaths; death++) {
      const messages = many(each, settle)
      const victim = await rig.start({ handlingMs: 600_000 })
      await rig.publish(messages)
      await until(async () => expect((await rig.bus.figures())[0]?.pending).toBe(each))
      const peer = await rig.start()
      victim.kill('SIGKILL')
      const died = performance.now()
      await until(async () => {
        while (waits.length < (death + 1) * each - (await rig.lost(messages))) waits.push(performance.now() - died)
        expect(waits).toHaveLength((death + 1) * each)
      }, 60_000)
      // What it has not acknowledged would be counted as the next one's.
      await rig.drained(60_000)
      peer.kill('SIGKILL')
    }
    const p99 = waits.sort((a, b) => a - b)[Math.ceil(waits.length * 0.99) - 1] ?? Number.NaN
    tell('takeover', { deaths, messages: waits.length, p99Seconds: p99 / 1000 })
    expect(p99).toBeLessThan(20_000)
  }, 900_000)

  it('frozen past its lease: a peer does the work, and what the sleeper says on waking makes no second copy', async () => {
    rig = await ProcessRig.open(redis.url)
    const pids = async () => (await rig.ledger()).pids
    const sleeper = await rig.start({ handlingMs: 300 })
    await rig.publish([settle('frozen')])
    await until(async () => expect(await pids()).toEqual([String(sleeper.pid)]))
    sleeper.kill('SIGSTOP')
    const peer = await rig.start({ handlingMs: 5_000 })
    await until(async () => expect(await pids()).toContain(String(peer.pid)), 15_000)
    sleeper.kill('SIGCONT')
    // Long enough for the sleeper's handling to end, still within the peer's.
    const woken = performance.now()
    while (performance.now() - woken < 1_000) {
      expect((await rig.bus.figures())[0]).toMatchObject({ length: 1, pending: 1, delayed: 0 })
    }
  }, 60_000)

  it('a failover: the replica is promoted, and consumption goes on without a restart', async () => {
    const [master, replica] = [await testRedis(), await testRedis()]
    const proxy = await faultyProxy(master.url)
    try {
      const { hostname, port } = new URL(master.url)
      await redisCommand(replica.url, 'REPLICAOF', hostname, port)
      rig = await ProcessRig.open(proxy.url)
      await rig.start()
      const messages = many(200, settle)
      await rig.publish(messages.slice(0, 100))
      await until(async () => expect(await rig.lost(messages.slice(0, 100))).toBe(0))
      await until(async () =>
        expect(await redisCommand(replica.url, 'INFO', 'replication')).toContain('link_status:up'),
      )
      await master.close()
      const failed = performance.now()
      await redisCommand(replica.url, 'REPLICAOF', 'NO', 'ONE')
      proxy.target(replica.url)
      await rig.publish(messages.slice(100))
      await until(async () => expect(await rig.lost(messages)).toBe(0), 30_000)
      const seconds = (performance.now() - failed) / 1000
      tell('failover', { messages: messages.length, lost: await rig.lost(messages), seconds })
      expect(seconds).toBeLessThan(10)
    } finally {
      await proxy.close()
      await replica.close()
    }
  }, 60_000)
})
