import { type Message, readMessage } from '@afo/contracts'
import { AppError, backoffMs, kinds, type Log, toAppError } from '@afo/kit'
import { type Core, parseJson } from './core.js'
import { publish } from './publish.js'
import type { Settings } from './settings.js'
import type { ConsumeOptions, Handler, HandlerContext } from './types.js'

/** One delivered message, ours until Redis knows how it ended or a peer takes it over. */
export interface Held {
  readonly key: string
  readonly id: string
  readonly raw: string
  /** Other groups read its stream too. */
  readonly shared: boolean
  /** Above 1 after a process died with it. */
  readonly deliveries: number
  readonly controller: AbortController
  settled?: Promise<void>
}

/** How a handling ended, as told to Redis: done, or moved with its JSON to the dead letters or (a number of milliseconds) to be tried again. */
export type End = readonly [to: 'done' | 'dead' | number, json: string]

export interface Handling extends Pick<ConsumeOptions, 'onDead'> {
  readonly core: Core
  /** The handlers by name, inside their middlewares. */
  readonly handlers: ReadonlyMap<string, Handler>
  readonly stopping: AbortSignal
}

/** Takes one delivered message to its end; what the handler says is published by then. Never throws. */
export async function handle(held: Held, { core, handlers, onDead, stopping }: Handling): Promise<End> {
  const { settings, log } = core
  if (stopping.aborted) return [0, held.raw]
  const read = readMessage(parseJson(held.raw))
  const message = read.ok ? read.message : null
  const handler = handlers.get(message?.name ?? '')
  if (message && !handler && held.shared) return ['done', '']
  try {
    if (!read.ok) throw new AppError('invalid', read.reason, { code: 'unreadable' })
    if (!handler) throw new AppError('invalid', `Nothing here handles ${read.message.name}`, { code: 'no-handler' })
    if (held.deliveries > settings.maxDeliveries)
      throw new AppError('invalid', 'Its handling never ends', { code: 'never-ends' })
    const said = await handler(read.message, contextOf(held, log))
    if (said.length > 0) await publish(core, said, causeOf(read.message)).catch(notTheMessagesFault)
    return ['done', '']
  } catch (thrown) {
    // Stopped half way: a peer begins again at once, and no attempt is used up.
    if (stopping.aborted && held.controller.signal.aborted) return [0, held.raw]
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
    return ['dead', JSON.stringify({ name, reason, kind, code, attempt, firstSeenAt, raw: held.raw })]
  }
}

/** Kit's table of consequences applied to one failure; null where there is no other try. @param random in [0, 1) */
function nextTry(error: AppError, attempt: number, settings: Settings, random: number) {
  const { consequence } = kinds[error.kind]
  const next = error.countsAsAttempt ? attempt + 1 : attempt
  const most = error.kind === 'bug' ? settings.maxBugAttempts : settings.maxAttempts
  if (consequence === 'dead-letter' || consequence === 'inbox' || next > most) return null
  const backoff = backoffMs(attempt, { baseMs: settings.retryBaseMs, capMs: settings.retryCapMs }, random)
  const delayMs = error.retryAfterMs ?? (error.countsAsAttempt ? backoff : settings.pauseMs)
  // Many told to come back at the same moment come one after the other.
  return { delayMs: Math.round(delayMs * (1 + random / 10)), attempt: next }
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

const causeOf = ({ id, correlationId, tenantId, traceparent }: Message) => {
  return { correlationId, causationId: id, tenantId, traceparent }
}
