import { type Message, type NewMessage, readMessage } from '@afo/contracts'
import { AppError, type Log, toAppError } from '@afo/kit'
import type { Core } from './core.js'
import { planFailure } from './failure.js'
import type { End, Held } from './holding.js'
import type { Cause, ConsumeOptions, Handler, HandlerContext } from './types.js'

/** What every handling of one consumer works with. */
export interface Working extends Core {
  /** Unique per process and consumer, never used again. */
  readonly consumer: string
  readonly options: ConsumeOptions
  /** The handlers by name, inside their middlewares. */
  readonly handlers: ReadonlyMap<string, Handler>
  readonly publish: (messages: readonly NewMessage[], cause: Cause) => Promise<void>
  readonly stopping: AbortSignal
}

/** Takes one delivered message to its end; what the handler says is published by then. Never throws. */
export async function handle(
  held: Held,
  { handlers, publish, options, settings, log, stopping }: Working,
): Promise<End> {
  const again: End = { to: 'delayed', json: held.raw, delayMs: 0 }
  if (stopping.aborted) return again
  const read = readMessage(parseJson(held.raw))
  const message = read.ok ? read.message : null
  const handler = handlers.get(message?.name ?? '')
  if (message && !handler && held.shared) return { to: 'done' }
  try {
    if (!read.ok) throw new AppError('invalid', read.reason, { code: 'unreadable' })
    if (!handler) throw new AppError('invalid', `Nothing here handles ${read.message.name}`, { code: 'no-handler' })
    if (held.deliveries > settings.maxDeliveries)
      throw new AppError('invalid', 'Its handling never ends', { code: 'never-ends' })
    const said = await handler(read.message, contextOf(held, log))
    if (said.length > 0) await publish(said, causeOf(read.message)).catch(notTheMessagesFault)
    return { to: 'done' }
  } catch (thrown) {
    // Stopped half way: a peer begins again at once, and no attempt is used up.
    if (stopping.aborted && held.controller.signal.aborted) return again
    const error = toAppError(thrown)
    const plan = message && planFailure(error, message.attempt, settings, Math.random())
    if (plan)
      return { to: 'delayed', json: JSON.stringify({ ...message, attempt: plan.attempt }), delayMs: plan.delayMs }
    const { name = '', attempt = held.deliveries, firstSeenAt = null } = message ?? {}
    const { message: reason, kind, code } = error
    log.error({ err: error, message: name, key: message?.key, attempt }, 'dead letter')
    tell(() => options.onDead?.({ message, reason, error }), log)
    return { to: 'dead', json: JSON.stringify({ name, reason, kind, code, attempt, firstSeenAt, raw: held.raw }) }
  }
}

function tell(listener: () => void, log: Log): void {
  try {
    listener()
  } catch (err) {
    log.error({ err }, 'onDead failed')
  }
}

/** Making a signal costs more than all else here, so it is made for those who look at it. */
const contextOf = ({ controller }: Held, log: Log): HandlerContext => ({
  get signal() {
    return controller.signal
  },
  abort: (reason) => controller.abort(reason),
  log,
})

function notTheMessagesFault(thrown: unknown): never {
  const error = toAppError(thrown)
  if (error.kind === 'bug') throw error
  throw new AppError('unavailable', error.message, { code: error.code, countsAsAttempt: false, cause: error })
}

const causeOf = ({ id, correlationId, tenantId, traceparent }: Message): Cause => {
  return { correlationId, causationId: id, tenantId, traceparent }
}

/** Undefined for what is no JSON. */
export function parseJson(raw: string | undefined): unknown {
  try {
    return JSON.parse(raw ?? '')
  } catch {
    return undefined
  }
}
