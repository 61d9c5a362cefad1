import { setImmediate } from 'node:timers/promises'
import { AppError, backoffMs, jittered, repeat, sleep } from '@afo/kit'
import { Connection } from './connection.js'
import { type Core, type Entry, ownStream } from './core.js'
import * as scripts from './scripts.js'
import { type End, Settling } from './settling.js'
import { tidy } from './tidy.js'

/** One delivered text, ours until Redis knows how it ended or a peer takes it over. */
export interface Delivery {
  /** Its key among those held: an id alone is one stream's. */
  readonly place: string
  readonly stream: string
  readonly id: string
  readonly text: string
  /** Above 1 after a process died with it. */
  readonly deliveries: number
  readonly controller: AbortController
  settled?: Promise<void>
}

export interface ReadOptions {
  /** Names of shared streams; the group's own is always read. */
  readonly shared: readonly string[]
  /** Takes one delivery to its end. Never throws. `stopping`: what it can't finish is for a peer. */
  readonly deliver: (delivery: Delivery, stopping: AbortSignal) => Promise<End>
  /** Deliveries that this process works on at once. */
  readonly concurrency?: number | undefined
  /** Asked before each read: false stops reading until it says true again. */
  readonly gate?: (() => Promise<boolean>) | undefined
}

/** Messages in hand at most, with those that have ended and Redis hasn't been told of. */
const MOST = 1_000
/** So many messages are read ahead once so many in a row were quick. */
const [AHEAD, EARNED] = [50, 10]
/** Delayed messages put back by one command. */
const FORWARDED = 500

/** Reads in batches as large as there is room for, and takes each delivery to its end. */
export class Reader {
  readonly #keys: readonly string[]
  readonly #blocking: Connection
  readonly #settling: Settling
  readonly #held = new Map<string, Delivery>()
  /** What of it hasn't begun. */
  readonly #queue: Delivery[] = []
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
  /** Quick ones in a row. */
  #quick = 0
  #shut = 0
  #grouped = false

  /** @param name unique per process and consumer, never used again */
  constructor(
    private readonly core: Core,
    private readonly name: string,
    private readonly options: ReadOptions,
  ) {
    const { url, group, settings, log, key } = core
    this.#keys = [ownStream(group), ...options.shared].map(key)
    this.#concurrency = options.concurrency ?? settings.concurrency
    this.#settling = new Settling(core, name)
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
    const { group, settings } = this.core
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
      const reply = await this.#blocking.call('XREADGROUP', 'GROUP', group, this.name, ...options)
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
      await this.core.connection.call('XGROUP', 'CREATE', key, this.core.group, 0, 'MKSTREAM').catch((thrown) => {
        if (thrown.code !== 'redis-busygroup') throw thrown
      })
    }
    this.#grouped = true
  }

  /** What has to be done again and again: keep the leases, put back what was delayed, take over what dead peers held. */
  async #beat(): Promise<void> {
    const { connection, group, settings, metrics, log, key } = this.core
    if (performance.now() - this.#begunAt > settings.beatMs) this.#giveBack()
    const held = [...this.#held.values()]
    const ids = held.map(({ id }) => id)
    const renewed = connection.script(
      scripts.renew,
      held.map(({ stream }) => stream),
      [group, this.name, ...ids],
    )
    for (const place of (await renewed) as number[]) {
      const { id, controller } = held[place - 1] as Delivery
      if (controller.signal.aborted) continue
      metrics.lost.inc()
      log.warn({ id }, 'lease lost')
      // Two must not go on with it.
      controller.abort(new AppError('unavailable', 'A peer has taken this message over', { code: 'lease-lost' }))
    }
    const delayed = [key(`delayed.${group}`), key(ownStream(group))]
    while ((await connection.script(scripts.forward, delayed, [FORWARDED])) === FORWARDED);
    if (!this.#grouped || this.#room() <= 0 || this.#shut > 0 || this.#stopping.signal.aborted) return
    const claimed = await connection.script(scripts.claim, this.#keys, [
      group,
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
    const ahead = this.#quick < EARNED ? 0 : AHEAD
    return Math.min(this.#concurrency + ahead - this.#running - this.#queue.length, MOST - this.#held.size)
  }

  #take(stream: string, id: string, fields: readonly string[], deliveries: number): void {
    const place = `${stream} ${id}`
    // A claim brings our own message back after renewals failed for a while.
    if (this.#held.has(place)) return
    const text = fields[0] === 'm' ? String(fields[1]) : JSON.stringify(fields)
    const delivery: Delivery = { place, stream, id, text, deliveries, controller: new AbortController() }
    this.#held.set(place, delivery)
    this.#queue.push(delivery)
    this.#runNext()
  }

  #runNext(): void {
    const delivery = this.#running < this.#concurrency ? this.#queue.shift() : undefined
    if (delivery) delivery.settled = this.#run(delivery)
  }

  /** Once the effects are done the next one is taken up, while Redis is told of them. */
  async #run(delivery: Delivery): Promise<void> {
    this.#running++
    const begunAt = performance.now()
    this.#begunAt = begunAt
    const end = await this.options.deliver(delivery, this.#stopping.signal)
    this.#quick = performance.now() - begunAt < this.core.settings.quickMs ? this.#quick + 1 : 0
    this.#running--
    this.#runNext()
    this.#wake?.()
    await this.#settle(delivery, end)
  }

  #settle({ place, stream, id }: Delivery, end: End): Promise<void> {
    return this.#settling.settle(stream, id, end).then(() => void this.#held.delete(place))
  }

  /** What was read ahead and is held up by something slow after all is for others to take. */
  #giveBack(): void {
    if (this.#queue.length > 0) this.#quick = 0
    for (const delivery of this.#queue.splice(0)) delivery.settled = this.#settle(delivery, [0, delivery.text])
  }
}

/** Waits for the work, but no longer than this. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  await Promise.race([work.then(() => over.abort()), sleep(ms, over.signal)])
}
