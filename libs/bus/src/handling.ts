import { isJobName, type Message, type NewMessage, readMessage, streamOf } from '@afo/contracts'
import { AppError, type Log, toAppError } from '@afo/kit'
import type { Delivery, End, Settings } from '@afo/streams'
import type { Epitaph } from './dead.js'
import { parseJson } from './json.js'
import { context } from './middlewares/context.js'
import { measured, type Seconds } from './middlewares/metrics.js'
import { timeout } from './middlewares/timeout.js'
import { nextTry } from './next-try.js'
import type { Cause, ConsumeOptions, Handler, HandlerContext } from './types.js'

export interface Handling {
  /** By name, inside their middlewares. */
  readonly handlers: ReadonlyMap<string, Handler>
  /** The streams of facts, of which a service handles what it cares for. */
  readonly shared: readonly string[]
  readonly onDead: ConsumeOptions['onDead']
  readonly settings: Settings
  readonly log: Log
  readonly publish: (messages: readonly NewMessage[], cause: Cause) => Promise<void>
}

/** The handlers by name, each inside all middlewares. */
export function wrapped({ handlers, middlewares = [] }: ConsumeOptions, settings: Settings, seconds: Seconds) {
  const limit = timeout((name) => (isJobName(name) ? settings.jobMs : settings.handlerMs), settings.graceMs)
  const all = [measured(seconds), context, ...middlewares, limit]
  const wrap = (handler: Handler) => all.reduceRight((next, middleware) => middleware(next), handler)
  return new Map(Object.entries(handlers).map(([name, handler]) => [name, wrap(handler as Handler)]))
}

/** Takes one delivered message to its end; what the handler says is published by then. Never throws. */
export async function handle(held: Delivery, stopping: AbortSignal, handling: Handling): Promise<End> {
  const { handlers, shared, onDead, settings, log, publish } = handling
  if (stopping.aborted) return [0, held.text]
  const read = readMessage(parseJson(held.text))
  const message = read.ok ? read.message : null
  const handler = handlers.get(message?.name ?? '')
  // Also where it comes by the service's own stream, put back by a process that stopped before it looked at it.
  if (message && !handler && shared.includes(streamOf(message.name))) return ['done', '']
  try {
    if (!read.ok) throw new AppError('invalid', read.reason, { code: 'unreadable' })
    if (!handler) throw new AppError('invalid', `Nothing here handles ${read.message.name}`, { code: 'no-handler' })
    if (held.deliveries > settings.maxDeliveries)
      throw new AppError('invalid', 'Its handling never ends', { code: 'never-ends' })
    const said = await handler(read.message, contextOf(held, log))
    if (said.length > 0) await publish(said, causeOf(read.message)).catch(notTheMessagesFault)
    return ['done', '']
  } catch (thrown) {
    // Stopped half way: a peer begins again at once, and no attempt is used up.
    if (stopping.aborted && held.controller.signal.aborted) return [0, held.text]
    const error = toAppError(thrown)
    const again = message && nextTry(error, message.attempt, settings, Math.random())
    if (again) return [again.delayMs, JSON.stringify({ ...message, attempt: again.attempt })]
    const { name = '', attempt = held.deliveries, firstSeenAt = null } = message ?? {}
    const { message: reason, kind, code } = error
    log.error({ err: error, message: name, key: message?.key, attempt }, 'dead letter')
    try {
      onDead?.({ message, reason, error })
    } catch (err) {
      log.error({ err }, 'onDead failed')
    }
    return [
      'dead',
      JSON.stringify({ name, reason, kind, code, attempt, firstSeenAt, raw: held.text } satisfies Epitaph),
    ]
  }
}

/** Making a signal costs more than all else here, so it is made for those who look at it. */
const contextOf = ({ controller }: Delivery, log: Log): HandlerContext => ({
  get signal() {
    return controller.signal
  },
  abort: (reason) => controller.abort(reason),
  log,
})

/** For what a handling has to say and Redis doesn't take: comes again, and no attempt is used up. */
export function notTheMessagesFault(thrown: unknown): never {
  const error = toAppError(thrown)
  if (error.kind === 'bug') throw error
  throw new AppError('unavailable', error.message, { code: error.code, countsAsAttempt: false, cause: error })
}

const causeOf = ({ id, correlationId, tenantId, traceparent }: Message) => {
  return { correlationId, causationId: id, tenantId, traceparent }
}
