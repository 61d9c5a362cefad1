import { type Message, type NewMessage, readMessage } from '@afo/contracts'
import { AppError, type Log, toAppError } from '@afo/kit'
import { planFailure } from './failure.js'
import type { Held, Holding } from './holding.js'
import { isEvents } from './keys.js'
import type { Settings } from './settings.js'
import type { Cause, ConsumeOptions, Handler } from './types.js'

export interface HandlingPorts {
  readonly holding: Holding
  readonly handlers: ReadonlyMap<string, Handler>
  readonly publish: (messages: readonly NewMessage[], cause: Cause) => Promise<void>
  readonly onDead: ConsumeOptions['onDead']
  readonly settings: Settings
  readonly log: Log
  readonly stopping: AbortSignal
}

/**
 * Takes one delivered message to its end: handled and what it says published, tried again later, or buried. Never throws. Resolves as soon as the effects
 * are done, so that the next message can be read while Redis is told.
 */
export async function handle(held: Held, ports: HandlingPorts): Promise<void> {
  const { holding, handlers, publish, settings, log, stopping } = ports
  if (stopping.aborted) return void holding.postpone(held, held.raw, 0)

  const read = readMessage(parse(held.raw))
  if (!read.ok) return bury(held, null, new AppError('invalid', read.reason, { code: 'unreadable' }), ports)
  const { message } = read
  const handler = handlers.get(message.name)
  if (!handler && isEvents(held.lane.stream)) return void holding.finish(held)
  if (!handler)
    return bury(
      held,
      message,
      new AppError('bug', `Nothing here handles ${message.name}`, { code: 'no-handler' }),
      ports,
    )
  if (held.deliveries > settings.maxDeliveries) {
    const reason = `Handed out ${held.deliveries} times without an end: its handling may kill the process`
    return bury(held, message, new AppError('bug', reason, { code: 'never-ends' }), ports)
  }

  try {
    const said = await handler(message, { signal: held.controller.signal, log })
    if (said.length > 0) await publish(said, causeOf(message)).catch(notTheMessagesFault)
    void holding.finish(held)
  } catch (thrown) {
    await fail(held, message, toAppError(thrown), ports)
  }
}

async function fail(held: Held, message: Message, error: AppError, ports: HandlingPorts): Promise<void> {
  const { holding, settings, stopping } = ports
  // Stopped half way: a peer begins again at once, and no attempt is used up.
  if (stopping.aborted && held.controller.signal.aborted) return void holding.postpone(held, held.raw, 0)
  const plan = planFailure(error, message.attempt, settings, Math.random())
  if (plan.action === 'bury') return bury(held, message, error, ports)
  const raw = plan.attempt === message.attempt ? held.raw : JSON.stringify({ ...message, attempt: plan.attempt })
  void holding.postpone(held, raw, plan.delayMs)
}

async function bury(
  held: Held,
  message: Message | null,
  error: AppError,
  { holding, onDead, log }: HandlingPorts,
): Promise<void> {
  await holding.bury(held, {
    reason: error.message,
    kind: error.kind,
    code: error.code,
    name: message?.name ?? '',
    attempt: message?.attempt ?? held.deliveries,
    firstSeenAt: message?.firstSeenAt ?? '',
  })
  log.error({ err: error, stream: held.lane.stream, message: message?.name, key: message?.key }, 'dead letter')
  try {
    onDead?.({ message, reason: error.message, error })
  } catch (err) {
    log.error({ err }, 'onDead failed')
  }
}

function notTheMessagesFault(thrown: unknown): never {
  const error = toAppError(thrown)
  throw error.kind === 'bug'
    ? error
    : new AppError('unavailable', error.message, { code: error.code, countsAsAttempt: false, cause: error })
}

const causeOf = ({ id, correlationId, tenantId, traceparent }: Message): Cause => ({
  correlationId,
  causationId: id,
  tenantId,
  traceparent,
})

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}
