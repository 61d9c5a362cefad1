import { messages as definitions, type Envelope, type NewMessage } from '@afo/contracts'
import { AppError, derivedId } from '@afo/kit'
import type { Cause } from './types.js'

/** The message with all that surrounds it. @throws AppError `bug` for a body that breaks its own schema */
export function seal({ name, key, id, ...message }: NewMessage, cause: Cause, at: string): Envelope {
  const { version, body } = definitions[name]
  const parsed = body.safeParse(message.body)
  if (!parsed.success) throw new AppError('bug', `Nobody could read this ${name}`, { cause: parsed.error })
  const { causationId, traceparent = null } = cause
  const correlationId = message.correlationId ?? cause.correlationId
  const tenantId = message.tenantId ?? cause.tenantId
  const own = id ?? derivedId(causationId ?? cause.correlationId, name, key)
  const seen = { at, firstSeenAt: at, attempt: 1 }
  return { id: own, name, version, key, tenantId, correlationId, causationId, traceparent, ...seen, body: parsed.data }
}
