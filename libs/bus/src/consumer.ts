import { setImmediate } from 'node:timers/promises'
import { isJobName, type MessageName, streamOf } from '@afo/contracts'
import { AppError, backoffMs, jittered, repeat, sleep } from '@afo/kit'
import { Connection } from './connection.js'
import { type Core, type Entry, ownStream } from './core.js'
import { type Handling, type Held, handle } from './handling.js'
import { context } from './middlewares/context.js'
import { measured } from './middlewares/metrics.js'
import { timeout } from './middlewares/timeout.js'
import * as scripts from './scripts.js'
import { Settling } from './settling.js'
import { tidy } from './tidy.js'
import type { ConsumeOptions, Handler } from './types.js'

/** Messages in hand at most, with those that have ended and Redis hasn't been told of. */
const MOST = 1_000
/** So many messages are read ahead where handling is quick. */
const AHEAD = 50
/** Delayed messages put back by one command. */
const FORWARDED = 500

/** Reads the streams of its handlers' messages in batches as large as there is room for, and takes each message to its end. */
export class Consumer {
  readonly #keys: readonly string[]
  readonly #blocking: Connection
  readonly #handling: Handling
  readonly #settling: Settling
  readonly #held = new Map<string, Held>()
  /** What of it hasn't begun. */
  readonly #queue: Held[] = []
  readonly #stopping = new AbortController()
  readonly #ended = new AbortController()
  readonly #reading: Promise<void>
  readonly #keeping: Promise<unknown>
  readonly #concurrency: number
  #wake: (() => void) | undefined
  #stopped: Promise<void> | undefined
  #turnedAt = performance.now()
  #begunAt = 0
  #running = 0
  #ahead = 0
  #shut = 0
  #grouped = false

  /** @param name unique per process and consumer, never used again */
  constructor(
    private readonly core: Core,
    private readonly name: string,
    private readonly options: ConsumeOptions,
  ) {
    const { url, service, settings, log, key } = core
    const streams = new Set([ownStream(service), ...(Object.keys(options.handlers) as MessageName[]).map(streamOf)])
    const foreign = [...streams].find((stream) => stream.startsWith('commands.') && stream !== ownStream(service))
    if (foreign) throw new AppError('bug', `${service} can't handle what is on ${foreign}`)
    this.#keys = [...streams].map(key)
    this.#concurrency = options.concurrency ?? settings.concurrency
    this.#settling = new Settling(core, name)
    this.#handling = { core, handlers: wrapped(core, options), stopping: this.#stopping.signal, onDead: options.onDead }
    this.#blocking = new Connection(url, name, settings, log, settings.beatMs)
    this.#reading = this.#loop('read', this.#stopping, () => this.#read())
    this.#keeping = Promise.all([
      this.#loop('beat', this.#ended, () => this.#beat().then(() => jittered(settings.beatMs, Math.random()))),
      this.#loop('tidy', this.#ended, () =>
        tidy(core, this.#keys).then(() => jittered(settings.tidyMs, Math.random())),
      ),
    ])
  }

  /** Since the loop last turned, for liveness. */
  heartbeatAgeMs(): number {
    return performance.now() - this.#turnedAt
  }

  /** Stops reading, waits for what runs (until the deadline, then aborts it), resolves when nothing runs any more. */
  stop(deadlineMs: number): Promise<void> {
    this.#stopped ??= this.#stop(deadlineMs)
    return this.#stopped
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#stopping.abort()
    this.#wake?.()
    // A running read is waited for: cutting it off would leave what Redis has handed over pending for a whole lease.
    await this.#reading
    this.#giveBack()
    const held = [...this.#held.values()]
    const settled = Promise.all(held.map((one) => one.settled))
    await within(deadlineMs, settled)
    for (const { controller } of held) controller.abort(new AppError('unavailable', 'Stopping', { code: 'stopping' }))
    await within(this.core.settings.graceMs, settled)
    this.#ended.abort()
    await this.#keeping
    this.#blocking.close()
  }

  #loop(loop: string, until: AbortController, work: () => Promise<number>): Promise<void> {
    const { metrics, log } = this.core
    return repeat(work, until.signal, (err, failures) => {
      metrics.troubles.inc({ loop, code: err.code })
      log[failures === 1 ? 'warn' : 'debug']({ err, loop, failures }, 'the bus goes on after a failure')
    })
  }

  /** One turn of the reading loop; answers how many milliseconds to wait before the next. */
  async #read(): Promise<number> {
    const { service, settings } = this.core
    this.#turnedAt = performance.now()
    if (this.#room() <= 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, settings.beatMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      // Others end in the same turn of the event loop, and a whole batch can be read.
      await setImmediate()
      return 0
    }
    if (this.options.gate && !(await this.options.gate()))
      return backoffMs(++this.#shut, { baseMs: settings.beatMs, capMs: settings.gateMs }, Math.random())
    this.#shut = 0
    try {
      await this.#blocking.ready(settings.beatMs)
      if (!this.#grouped) await this.#createGroups()
      const count = Math.max(1, Math.floor(this.#room() / this.#keys.length))
      const options = ['COUNT', count, 'BLOCK', settings.beatMs, 'STREAMS', ...this.#keys, ...this.#keys.map(() => '>')]
      const reply = await this.#blocking.call('XREADGROUP', 'GROUP', service, this.name, ...options)
      for (const [key, entries] of (reply ?? []) as [string, Entry[]][])
        for (const [id, fields] of entries) this.#take(key, id, fields, 1)
    } catch (thrown) {
      // Whatever went wrong, the groups may be gone with it: a flush, or another Redis after a failover.
      this.#grouped = false
      throw thrown
    }
    // Quick handlers end before the next read, which is then a whole batch again.
    await setImmediate()
    return 0
  }

  /** From the stream's beginning: what is repeated is recognised by its id, what is skipped would be lost. */
  async #createGroups(): Promise<void> {
    for (const key of this.#keys) {
      await this.core.connection.call('XGROUP', 'CREATE', key, this.core.service, 0, 'MKSTREAM').catch((thrown) => {
        if (thrown.code !== 'redis-busygroup') throw thrown
      })
    }
    this.#grouped = true
  }

  /** What has to be done again and again: keep the leases, put back what was delayed, take over what dead peers held. */
  async #beat(): Promise<void> {
    const { connection, service, settings, metrics, log, key } = this.core
    if (performance.now() - this.#begunAt > settings.beatMs) this.#giveBack()
    const held = [...this.#held.values()]
    const ids = held.map(({ id }) => id)
    const renewed = connection.script(
      scripts.renew,
      held.map(({ key }) => key),
      [service, this.name, ...ids],
    )
    for (const place of (await renewed) as number[]) {
      const { id, controller } = held[place - 1] as Held
      if (controller.signal.aborted) continue
      metrics.lost.inc()
      log.warn({ id }, 'lease lost')
      // Two must not go on with it.
      controller.abort(new AppError('unavailable', 'A peer has taken this message over', { code: 'lease-lost' }))
    }
    const delayed = [key(`delayed.${service}`), key(ownStream(service))]
    while ((await connection.script(scripts.forward, delayed, [FORWARDED])) === FORWARDED);
    if (this.#room() <= 0 || this.#shut > 0 || this.#stopping.signal.aborted) return
    const claimed = await connection.script(scripts.claim, this.#keys, [
      service,
      this.name,
      settings.leaseMs,
      this.#room(),
    ])
    const [taken, gone] = claimed as [[string, ...Entry, number][], string[]]
    for (const entry of taken) this.#take(...entry)
    metrics.claimed.inc(taken.length)
    metrics.vanished.inc(gone.length)
    if (gone.length > 0) log.error({ gone }, 'pending messages are gone from their stream')
  }

  #room(): number {
    return Math.min(this.#concurrency + this.#ahead - this.#running - this.#queue.length, MOST - this.#held.size)
  }

  #take(key: string, id: string, fields: readonly string[], deliveries: number): void {
    // A claim brings our own message back after renewals failed for a while.
    if (this.#held.has(`${key} ${id}`)) return
    const raw = fields[0] === 'm' ? String(fields[1]) : JSON.stringify(fields)
    const shared = key !== this.#keys[0]
    const held: Held = { key, id, raw, shared, deliveries, controller: new AbortController() }
    this.#held.set(`${key} ${id}`, held)
    this.#queue.push(held)
    this.#runNext()
  }

  #runNext(): void {
    const held = this.#running < this.#concurrency ? this.#queue.shift() : undefined
    if (held) held.settled = this.#run(held)
  }

  /** Once the effects are done the next message is taken up, while Redis is told of them. */
  async #run(held: Held): Promise<void> {
    this.#running++
    const begunAt = performance.now()
    this.#begunAt = begunAt
    const end = await handle(held, this.#handling)
    this.#ahead = performance.now() - begunAt < this.core.settings.quickMs ? Math.min(this.#ahead + 1, AHEAD) : 0
    this.#running--
    this.#runNext()
    this.#wake?.()
    await this.#settle(held, end)
  }

  async #settle(held: Held, end: Parameters<Settling['settle']>[1]): Promise<void> {
    await this.#settling.settle(held, end)
    this.#held.delete(`${held.key} ${held.id}`)
  }

  /** What was read ahead and is held up by something slow after all is for others to take. */
  #giveBack(): void {
    for (const held of this.#queue.splice(0)) held.settled = this.#settle(held, [0, held.raw])
  }
}

/** Waits for the work, but no longer than this. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  await Promise.race([work.then(() => over.abort()), sleep(ms, over.signal)])
}

function wrapped({ settings, metrics }: Core, options: ConsumeOptions): ReadonlyMap<string, Handler> {
  const { handlers, middlewares = [] } = options
  const limit = timeout((name) => (isJobName(name) ? settings.jobMs : settings.handlerMs), settings.graceMs)
  const all = [measured(metrics), context, ...middlewares, limit]
  const wrap = (handler: Handler) => all.reduceRight((next, middleware) => middleware(next), handler)
  return new Map(Object.entries(handlers).map(([name, handler]) => [name, wrap(handler as Handler)]))
}
