import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Bus, type BusSettings, connectBus } from '@afo/bus'
import type { NewMessage } from '@afo/contracts'
import { createLog, createRegistry, newId, processEnvironment, timeScale } from '@afo/kit'
import { expect } from 'vitest'
import { cause, quick, until } from '../../../testing/src/bus/harness.js'
import { type TestRedis, testRedis } from '../../../testing/src/redis/index.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** A size of a run: small in the suite, more by a variable, as in `KILLS=1000 MESSAGES=100000 npx vitest run libs/bus/test/processes`. */
export const size = (name: string, usual: number): number => Number(processEnvironment()[name] || usual)

export interface Ledger {
  /** Handlings, those that were repeats too. */
  readonly handled: number
  readonly effects: number
  /** Process ids, by order of their handlings. */
  readonly pids: readonly string[]
  has(id: string): Promise<boolean>
}

/** A bus on a Redis of its own, a second Redis that keeps the effects, and worker processes to be killed. */
export class ProcessRig {
  readonly workers: ChildProcess[] = []

  private constructor(
    private readonly prefix: string,
    readonly bus: Bus,
    private readonly ledgerBus: Bus,
    readonly settings: Partial<BusSettings>,
    private readonly redisUrl: string,
    private readonly ledgerRedis: TestRedis,
  ) {}

  /** @param workersUrl where the workers find that Redis, if not where the bus does */
  static async open(
    redisUrl: string,
    settings: Partial<BusSettings> = quick,
    workersUrl = redisUrl,
  ): Promise<ProcessRig> {
    const ledger = await testRedis()
    const prefix = `p${newId().slice(0, 8)}`
    const open = (url: string) =>
      connectBus({
        redisUrl: url,
        service: 'gateway',
        prefix,
        settings,
        log: createLog('test', 'silent'),
        registry: createRegistry('test'),
        scale: timeScale(1, false),
      })
    const [bus, ledgerBus] = [await open(redisUrl), await open(ledger.url)]
    return new ProcessRig(prefix, bus, ledgerBus, settings, workersUrl, ledger)
  }

  /** Starts a worker; resolves when it reads. */
  async start(options: { point?: string; oneIn?: number; handlingMs?: number } = {}): Promise<ChildProcess> {
    const { prefix, settings, redisUrl } = this
    const given = { redisUrl, ledgerUrl: this.ledgerRedis.url, prefix, settings, handlingMs: 0, oneIn: 1, ...options }
    const worker = fork(here('worker.mjs'), [JSON.stringify(given)], { execArgv: [] })
    this.workers.push(worker)
    const ended = once(worker, 'exit').then(([code]) => {
      if (code) throw new Error(`a worker ended with ${code}`)
    })
    await Promise.race([once(worker, 'message'), ended])
    ended.catch(() => undefined)
    return worker
  }

  /** As who is certain of nothing does: again under the same id until it is accepted. */
  async publish(messages: readonly NewMessage[]): Promise<void> {
    for (let i = 0; i < messages.length; i += 500)
      await until(() => this.bus.publish(messages.slice(i, i + 500), cause), 30_000)
  }

  async ledger(): Promise<Ledger> {
    const script = `return { redis.call('GET', KEYS[1]) or 0, redis.call('GET', KEYS[2]) or 0, redis.call('LRANGE', KEYS[3], 0, -1) }`
    const reply = await this.ledgerBus.runScript(script, ['handled', 'effects', 'pids'], [])
    const [handled, effects, pids] = reply as [string, string, string[]]
    const has = async (id: string) =>
      (await this.ledgerBus.runScript(`return redis.call('SISMEMBER', KEYS[1], ARGV[1])`, ['done'], [id])) === 1
    return { handled: Number(handled), effects: Number(effects), pids, has }
  }

  /** How many of these were never handled. */
  async lost(messages: readonly NewMessage[]): Promise<number> {
    const script = `local n = 0 for _, id in ipairs(ARGV) do n = n + 1 - redis.call('SISMEMBER', KEYS[1], id) end return n`
    let lost = 0
    for (let i = 0; i < messages.length; i += 1_000) {
      const ids = messages.slice(i, i + 1_000).map(({ id }) => String(id))
      lost += Number(await this.ledgerBus.runScript(script, ['done'], ids))
    }
    return lost
  }

  async drained(ms: number): Promise<void> {
    await until(async () => {
      const rows = (await this.bus.figures()).filter(({ stream }) => stream === 'commands.invoicing')
      expect(rows).toMatchObject([{ length: 0, pending: 0, delayed: 0 }])
    }, ms)
  }

  async close(): Promise<void> {
    for (const worker of this.workers) worker.kill('SIGKILL')
    await Promise.all([this.bus.close(), this.ledgerBus.close()])
    await this.ledgerRedis.close()
  }
}
