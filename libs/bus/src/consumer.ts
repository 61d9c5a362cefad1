import { isJobName, type MessageName, type ServiceName, streamOf } from '@afo/contracts'
import { AppError, type Log, sleep } from '@afo/kit'
import { Connection } from './connection.js'
import { type HandlingPorts, handle } from './handling.js'
import { Holding } from './holding.js'
import { type Lane, laneOf, type Source } from './keys.js'
import type { Metrics } from './metrics.js'
import { context } from './middlewares/context.js'
import { measured } from './middlewares/metrics.js'
import { timeout } from './middlewares/timeout.js'
import { type Entry, Reader } from './reader.js'
import { jittered, repeat } from './repeat.js'
import type { Settings } from './settings.js'
import { Slots } from './slots.js'
import type { ConsumeOptions, Consumer, Handler } from './types.js'
import { claimStale, forwardDue, tidy } from './upkeep.js'

export interface ConsumerPorts {
  readonly url: string
  readonly prefix: string
  readonly service: ServiceName
  /** Unique per process and consumer, never used again. */
  readonly name: string
  readonly connection: Connection
  readonly publish: HandlingPorts['publish']
  readonly settings: Settings
  readonly metrics: Metrics
  readonly log: Log
}

/** Between handlers that have ended and Redis that has been told so may lie this many times the concurrency. */
const UNTOLD = 10

/** Reads the streams of its handlers' messages, a loop and a connection for each, and handles at most so many messages at once over all of them. */
export class StreamConsumer implements Consumer {
  readonly #stopping = new AbortController()
  readonly #ended = new AbortController()
  readonly #holding: Holding
  readonly #slots: Slots
  readonly #handling: HandlingPorts
  readonly #readers: Reader[] = []
  readonly #connections: Connection[] = []
  readonly #reading: Promise<void>[] = []
  readonly #upkeep: Promise<void>[] = []
  #stopped: Promise<void> | undefined

  constructor(
    private readonly ports: ConsumerPorts,
    private readonly options: ConsumeOptions,
  ) {
    const { connection, prefix, service, name, settings, metrics, log } = ports
    this.#holding = new Holding(connection, service, name, settings, metrics, log)
    this.#slots = new Slots(options.concurrency ?? settings.concurrency)
    const { onDead, handlers } = options
    this.#handling = {
      ...ports,
      holding: this.#holding,
      handlers: this.#wrapped(),
      onDead,
      stopping: this.#stopping.signal,
    }

    const streams = new Set((Object.keys(handlers) as MessageName[]).map(streamOf))
    const lanes = [...streams].map((stream) => laneOf(prefix, stream, service))
    for (const lane of lanes) this.#start(lane)
    this.#keep('renew', () => this.#holding.renew().then(() => settings.renewMs))
    this.#keep('tidy', () => tidy(connection, prefix, lanes, settings).then(() => jittered(settings.janitorMs)))
  }

  heartbeatAgeMs(): number {
    return performance.now() - Math.min(...this.#readers.map((reader) => reader.turnedAt))
  }

  stop(deadlineMs: number): Promise<void> {
    this.#stopped ??= this.#stop(deadlineMs)
    return this.#stopped
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#stopping.abort()
    await this.#stopReading()

    const { graceMs } = this.ports.settings
    const done = new AbortController()
    const empty = this.#holding.empty().then(() => done.abort())
    await Promise.race([empty, sleep(deadlineMs, done.signal)])
    this.#holding.abortAll(new AppError('unavailable', 'The process is stopping', { code: 'stopping' }))
    await Promise.race([empty, sleep(graceMs, done.signal)])

    this.#ended.abort()
    await Promise.all(this.#upkeep)
    for (const connection of this.#connections) connection.close()
  }

  /** Lets a running read end with what Redis has already handed over: cutting it off would leave that pending for a whole lease. */
  async #stopReading(): Promise<void> {
    const unblock = () => {
      this.#slots.wake()
      // A read that can't be woken ends by itself after its block time.
      for (const connection of this.#connections) connection.unblock(this.ports.connection).catch(() => undefined)
    }
    unblock()
    const timer = setInterval(unblock, 50)
    await Promise.all(this.#reading)
    clearInterval(timer)
  }

  #start(lane: Lane): void {
    const { url, name, connection: shared, settings, metrics, log } = this.ports
    const connection = new Connection(url, name, settings.blockMs + settings.commandMs, undefined, log)
    const room = () => Math.min(this.#slots.free, this.#slots.size * UNTOLD - this.#holding.size)
    const reader = new Reader(lane, {
      connection,
      consumer: name,
      settings,
      room,
      roomAgain: (ms) => this.#slots.freed(ms),
      gate: this.options.gate,
      take: (source, entry) => this.#take(lane, source, entry, 1),
    })
    this.#connections.push(connection)
    this.#readers.push(reader)
    this.#reading.push(repeat(() => reader.turn(), this.#trouble('read'), this.#stopping.signal))

    this.#keep('forward', () => forwardDue(shared, lane, settings))
    this.#keep('claim', async () => {
      if (!reader.open || room() <= 0 || this.#stopping.signal.aborted) return jittered(settings.claimMs)
      const { taken, vanished } = await claimStale(shared, lane, name, room(), settings)
      for (const { source, entry, deliveries } of taken) this.#take(lane, source, entry, deliveries)
      metrics.claimed.inc(taken.length)
      metrics.vanished.inc(vanished)
      if (vanished > 0) log.error({ stream: lane.stream, vanished }, 'pending messages are gone from their stream')
      return jittered(settings.claimMs)
    })
  }

  #take(lane: Lane, source: Source, [id, fields]: Entry, deliveries: number): void {
    const raw = fields[0] === 'm' && fields.length === 2 ? String(fields[1]) : JSON.stringify(fields)
    const held = { lane, source, id, raw, deliveries, controller: new AbortController() }
    if (this.#holding.add(held)) this.#slots.run(() => handle(held, this.#handling))
  }

  #keep(loop: string, work: () => Promise<number>): void {
    this.#upkeep.push(repeat(work, this.#trouble(loop), this.#ended.signal))
  }

  #trouble(loop: string) {
    return (err: AppError, failures: number) => {
      this.ports.metrics.troubles.inc({ loop, code: err.code })
      this.ports.log[failures === 1 ? 'warn' : 'debug'](
        { err, loop, failures },
        'loop of the bus goes on after a failure',
      )
    }
  }

  #wrapped(): ReadonlyMap<string, Handler> {
    const { settings, metrics } = this.ports
    const { handlers, middlewares = [], handlerTimeoutMs } = this.options
    const timeoutMs = (name: MessageName) =>
      handlerTimeoutMs?.(name) ?? (isJobName(name) ? settings.jobMs : settings.handlerMs)
    const all = [measured(metrics), context, ...middlewares, timeout(timeoutMs, settings.graceMs)]
    const wrap = (handler: Handler) => all.reduceRight((next, middleware) => middleware(next), handler)
    return new Map(Object.entries(handlers).map(([name, handler]) => [name, wrap(handler as Handler)]))
  }
}
