import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bus, connectBus } from '@afo/bus'
import { createLog, createRegistry, newId, processEnvironment, timeScale } from '@afo/kit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cause, expectDrained, many, quick, settle, until } from '../../../testing/src/bus/harness.js'
import { type TestRedis, testRedis } from '../../../testing/src/redis/index.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** Five points; 5 times in a quick run, more by KILLS. */
const kills = Number(processEnvironment().KILLS || 5)

describe('processes', () => {
  let redis: TestRedis
  let dir: string
  let bus: Bus
  let workers: ChildProcess[]
  let prefix: string
  const file = () => join(dir, 'effects')
  const effects = () =>
    readFileSync(file(), 'utf8')
      .split('\n')
      .filter((line) => line !== '')

  beforeAll(async () => {
    execFileSync(here('../../../../node_modules/.bin/tsc'), ['-b', here('../..')])
    redis = await testRedis()
  })
  afterAll(() => redis.close())
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ampedfieldops-bus-'))
    writeFileSync(file(), '')
    workers = []
    prefix = `p${newId().slice(0, 8)}`
    const log = createLog('test', 'silent')
    bus = await connectBus({
      redisUrl: redis.url,
      service: 'gateway',
      prefix,
      log,
      registry: createRegistry('test'),
      scale: timeScale(1, false),
      settings: quick,
    })
  })
  afterEach(async () => {
    for (const worker of workers) worker.kill('SIGKILL')
    await bus.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const start = (options: object = {}) =>
    new Promise<ChildProcess>((resolve, reject) => {
      const given = { redisUrl: redis.url, prefix, settings: quick, file: file(), handlingMs: 1, oneIn: 1, ...options }
      const worker = fork(here('worker.mjs'), [JSON.stringify(given)], { execArgv: [] })
      workers.push(worker)
      worker.once('message', () => resolve(worker))
      worker.once('exit', (code, signal) =>
        signal === 'SIGKILL' ? resolve(worker) : reject(new Error(`ended with ${code}`)),
      )
    })
  const ended = (worker: ChildProcess) => worker.signalCode !== null || worker.exitCode !== null

  it.each(['before its effect', 'after its effect', 'before publishing', 'before acknowledging'])(
    'killed %s, again and again: nothing is lost',
    async (failpoint) => {
      const messages = many(40 * kills, settle)
      await bus.publish(messages, cause)
      for (let killed = 0; killed < kills; killed++) {
        const worker = await start({ failpoint, oneIn: 10 })
        await until(() => expect(ended(worker)).toBe(true), 15_000)
      }
      await start()
      await expectDrained(bus, 'commands.invoicing')
      expect(new Set(effects())).toEqual(new Set(messages.map(({ id }) => id)))
      expect(await bus.listDead('invoicing', { limit: 10 })).toEqual([])
      const said = new Set<string>()
      const all = new AbortController()
      for await (const { message } of bus.tail(['events.invoice'], '0', all.signal)) {
        if (said.add(message.key).size === messages.length) all.abort()
      }
      expect(said.size).toBe(messages.length)
    },
    120_000,
  )

  it('killed from outside under load: a peer takes over, within a lease and a claim', async () => {
    const messages = many(300, settle)
    const first = await start({ handlingMs: 20 })
    await start({ handlingMs: 20 })
    await bus.publish(messages, cause)
    await until(() => expect(effects().length).toBeGreaterThan(50))
    first.kill('SIGKILL')
    await expectDrained(bus, 'commands.invoicing')
    expect(new Set(effects()).size).toBe(300)
  })

  it('frozen past its lease: a peer does the work, and what the sleeper says on waking makes no second copy', async () => {
    const sleeper = await start({ handlingMs: 300 })
    await bus.publish([settle('frozen')], cause)
    await until(() => expect(effects()).toEqual([`begun ${sleeper.pid}`]))
    sleeper.kill('SIGSTOP')
    const peer = await start({ handlingMs: 5_000 })
    await until(() => expect(effects()).toContain(`begun ${peer.pid}`), 15_000)
    sleeper.kill('SIGCONT')
    await until(async () => expect((await bus.figures())[0]).toMatchObject({ length: 1, pending: 1, delayed: 0 }))
    // Long enough for the sleeper's handling to end, still within the peer's.
    const woken = performance.now()
    while (performance.now() - woken < 1_000) {
      expect((await bus.figures())[0]).toMatchObject({ length: 1, pending: 1, delayed: 0 })
    }
    peer.kill('SIGKILL')
  })
})
