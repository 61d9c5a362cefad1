import { setImmediate } from 'node:timers/promises'
import { type AppError, backoffMs, jittered } from '@afo/kit'
import { Connection } from './connection.js'
import type { Entry, Lane } from './core.js'
import { handle, type Working } from './handling.js'
import { type Held, Holding } from './holding.js'
import * as scripts from './scripts.js'

/** Messages in hand at most, with those that have ended and Redis hasn't been told of. */
const MOST = 1_000
/** So many messages are read ahead where handling is quick. */
const AHEAD = 50

/** Reads one lane in batches as large as there is room for, and takes each message to its end. */
export class Reader {
  readonly holding: Holding
  turnedAt = performance.now()
  readonly #keys: readonly string[]
  readonly #blocking: Connection
  readonly #concurrency: number
  readonly #queue: Held[] = []
  #running = 0
  /** Moving average of handling times. */
  #paceMs: number
  #startedAt = 0
  #hasGroups = false
  #shut = 0
  #claimAt = 0
  #forwardAt = 0
  #wake: (() => void) | undefined

  constructor(
    private readonly lane: Lane,
    private readonly working: Working,
  ) {
    const { url, consumer, settings, log, options } = working
    this.#paceMs = this.#unhurried
    this.holding = new Holding(lane, working)
    this.#keys = [...new Set([lane.key, lane.retryKey])]
    this.#blocking = new Connection(url, consumer, settings, log, settings.blockMs)
    this.#concurrency = options.concurrency ?? settings.concurrency
  }

  /** One turn of the loop; answers how many milliseconds to wait before the next. */
  async turn(): Promise<number> {
    const { settings, options } = this.working
    this.turnedAt = performance.now()
    if (performance.now() - this.#startedAt > settings.blockMs) this.giveBack()
    if (this.#room() <= 0) {
      await this.#roomAgain()
      return 0
    }
    if (options.gate && !(await options.gate())) {
      return backoffMs(++this.#shut, { baseMs: settings.blockMs, capMs: settings.gateMs }, Math.random())
    }
    this.#shut = 0
    try {
      await this.#blocking.ready(settings.blockMs)
      if (!this.#hasGroups) await this.#createGroups()
      if (performance.now() >= this.#claimAt) await this.#claim()
      if (performance.now() >= this.#forwardAt) await this.#forward()
      if (this.#room() > 0) await this.#read()
    } catch (thrown) {
      // Whatever went wrong, the groups may be gone with it: a flush, or another Redis after a failover.
      this.#hasGroups = false
      throw thrown
    }
    return 0
  }

  /** Ends a wait for room. */
  wake(): void {
    this.#wake?.()
  }

  /** What was read ahead and is held up by something slow after all is for others to take. */
  giveBack(): void {
    if (this.#queue.length === 0) return
    this.#paceMs = this.#unhurried
    for (const held of this.#queue.splice(0)) {
      held.settled = this.holding.settle(held, { to: 'delayed', json: held.raw, delayMs: 0 })
    }
  }

  close(): void {
    this.#blocking.close()
  }

  /** A pace that has to be earned: several quick handlings away from reading ahead. */
  get #unhurried(): number {
    return this.working.settings.quickMs * 5
  }

  #room(): number {
    const ahead = this.#paceMs < this.working.settings.quickMs ? AHEAD : 0
    return Math.min(this.#concurrency + ahead - this.#running - this.#queue.length, MOST - this.holding.size)
  }

  /** Once the others that end in the same turn of the event loop have too, so that a whole batch can be read. */
  #roomAgain(): Promise<void> {
    const freed = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.working.settings.blockMs)
      this.#wake = () => {
        this.#wake = undefined
        clearTimeout(timer)
        resolve()
      }
    })
    return freed.then(() => setImmediate())
  }

  async #read(): Promise<void> {
    const { consumer, settings } = this.working
    const block = Math.ceil(Math.max(1, Math.min(settings.blockMs, this.#forwardAt - performance.now())))
    const options = [
      'GROUP',
      this.lane.group,
      consumer,
      'COUNT',
      this.#room(),
      'BLOCK',
      block,
      'STREAMS',
      ...this.#keys,
    ]
    const reply = await this.#blocking.call('XREADGROUP', ...options, ...this.#keys.map(() => '>'))
    for (const [key, entries] of (reply ?? []) as [string, Entry[]][])
      for (const entry of entries) this.#take(key, entry, 1)
    // Quick handlers end before the next read, which is then a whole batch again.
    await setImmediate()
  }

  /** Takes over what dead peers held. */
  async #claim(): Promise<void> {
    const { connection, consumer, settings, metrics, log } = this.working
    for (const key of this.#keys) {
      for (let cursor: string | undefined = '0-0'; cursor && this.#room() > 0; ) {
        const args = [this.lane.group, consumer, settings.leaseMs, cursor, this.#room()]
        const reply = await connection.script(scripts.claim, [key], args)
        const [next, taken, gone] = reply as [string, [...Entry, number][], string[]]
        for (const [id, fields, deliveries] of taken) this.#take(key, [id, fields], deliveries)
        metrics.claimed.inc(taken.length)
        metrics.vanished.inc(gone.length)
        if (gone.length > 0) log.error({ stream: key, gone }, 'pending messages are gone from their stream')
        cursor = next === '0-0' ? undefined : next
      }
    }
    this.#claimAt = performance.now() + jittered(settings.claimMs, Math.random())
  }

  /** Puts back what was delayed and is due. */
  async #forward(): Promise<void> {
    const { connection, settings } = this.working
    const next = Number(await connection.script(scripts.forward, [this.lane.delayedKey, this.lane.retryKey], [500]))
    this.#forwardAt = performance.now() + (next < 0 ? settings.blockMs : Math.min(next, settings.blockMs))
  }

  /** From the stream's beginning: what is repeated is recognised by its id, what is skipped would be lost. */
  async #createGroups(): Promise<void> {
    for (const key of this.#keys) {
      const made = this.working.connection.call('XGROUP', 'CREATE', key, this.lane.group, 0, 'MKSTREAM')
      await made.catch((error: AppError) => {
        if (error.code !== 'redis-busygroup') throw error
      })
    }
    this.#hasGroups = true
  }

  #take(key: string, [id, fields]: Entry, deliveries: number): void {
    const raw = fields[0] === 'm' ? String(fields[1]) : JSON.stringify(fields)
    const shared = this.lane.shared && key === this.lane.key
    const held: Held = { key, shared, id, raw, deliveries, controller: new AbortController() }
    if (this.holding.add(held)) this.#queue.push(held)
    this.#runNext()
  }

  #runNext(): void {
    const held = this.#running < this.#concurrency ? this.#queue.shift() : undefined
    if (held) held.settled = this.#run(held)
  }

  /** Once the effects are done the next message is taken up, while Redis is told of them. */
  async #run(held: Held): Promise<void> {
    this.#running++
    const startedAt = performance.now()
    this.#startedAt = startedAt
    const end = await handle(held, this.working)
    this.#paceMs += (performance.now() - startedAt - this.#paceMs) / 10
    this.#running--
    this.#runNext()
    this.wake()
    await this.holding.settle(held, end)
  }
}
