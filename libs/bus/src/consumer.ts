import { isJobName, type MessageName, streamOf } from '@afo/contracts'
import { AppError, jittered, repeat, sleep } from '@afo/kit'
import { type Core, laneOf } from './core.js'
import type { Working } from './handling.js'
import { context } from './middlewares/context.js'
import { measured } from './middlewares/metrics.js'
import { timeout } from './middlewares/timeout.js'
import { Reader } from './reader.js'
import { tidy } from './tidy.js'
import type { Bus, ConsumeOptions, Consumer, Handler } from './types.js'

/** Reads the streams of its handlers' messages, with a loop for each, and keeps house beside. */
export function startConsumer(
  core: Core,
  consumer: string,
  publish: Bus['publish'],
  options: ConsumeOptions,
): Consumer {
  const { prefix, service, settings, metrics, log } = core
  const [stopping, ended] = [new AbortController(), new AbortController()]
  const working: Working = {
    ...core,
    consumer,
    options,
    publish,
    handlers: wrapped(core, options),
    stopping: stopping.signal,
  }
  const streams = new Set((Object.keys(options.handlers) as MessageName[]).map(streamOf))
  const lanes = [...streams].map((stream) => laneOf(prefix, stream, service))
  const readers = lanes.map((lane) => new Reader(lane, working))

  const loop = (name: string, until: AbortController, work: () => Promise<number>) =>
    repeat(work, until.signal, (err, failures) => {
      metrics.troubles.inc({ loop: name, code: err.code })
      log[failures === 1 ? 'warn' : 'debug']({ err, loop: name, failures }, 'the bus goes on after a failure')
    })
  const reading = readers.map((reader) => loop('read', stopping, () => reader.turn()))
  const keeping = [
    ...readers.map(({ holding }) => loop('renew', ended, () => holding.renew().then(() => settings.renewMs))),
    loop('tidy', ended, () => tidy(core, lanes).then(() => jittered(settings.tidyMs, Math.random()))),
  ]

  const stop = async (deadlineMs: number) => {
    stopping.abort()
    for (const reader of readers) reader.wake()
    // A running read is waited for: cutting it off would leave what Redis has handed over pending for a whole lease.
    await Promise.all(reading)
    for (const reader of readers) reader.giveBack()
    const held = readers.flatMap(({ holding }) => holding.all())
    const over = new AbortController()
    const settled = Promise.all(held.map((one) => one.settled)).then(() => over.abort())
    await Promise.race([settled, sleep(deadlineMs, over.signal)])
    for (const { controller } of held) controller.abort(new AppError('unavailable', 'Stopping', { code: 'stopping' }))
    await Promise.race([settled, sleep(settings.graceMs, over.signal)])
    ended.abort()
    await Promise.all(keeping)
    for (const reader of readers) reader.close()
  }
  let stopped: Promise<void> | undefined
  return {
    heartbeatAgeMs: () => performance.now() - Math.min(...readers.map((reader) => reader.turnedAt)),
    stop(deadlineMs) {
      stopped ??= stop(deadlineMs)
      return stopped
    },
  }
}

function wrapped({ settings, metrics }: Core, options: ConsumeOptions): ReadonlyMap<string, Handler> {
  const { handlers, middlewares = [], handlerTimeoutMs } = options
  const standard = (name: MessageName) => (isJobName(name) ? settings.jobMs : settings.handlerMs)
  const limit = timeout((name) => handlerTimeoutMs?.(name) ?? standard(name), settings.graceMs)
  const all = [measured(metrics), context, ...middlewares, limit]
  const wrap = (handler: Handler) => all.reduceRight((next, middleware) => middleware(next), handler)
  return new Map(Object.entries(handlers).map(([name, handler]) => [name, wrap(handler as Handler)]))
}
