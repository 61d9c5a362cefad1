import { messages as definitions, type Envelope, type NewMessage } from '@afo/contracts'
import { AppError, derivedId } from '@afo/kit'
import type { Cause } from './types.js'

/** The message with all that surrounds it. @throws AppError `bug` for a body that breaks its own schema */
export function seal(message: NewMessage, cause: Cause, at: string): Envelope {
  const { name, key } = message
  const { version, body } = definitions[name]
  const parsed = body.safeParse(message.body)
  if (!parsed.success) throw new AppError('bug', `Nobody could read this ${name}`, { cause: parsed.error })
  const { causationId, traceparent = null } = cause
  return {
    id: message.id ?? derivedId(causationId ?? cause.correlationId, name, key),
    name,
    version,
    key,
    tenantId: message.tenantId ?? cause.tenantId,
    correlationId: message.correlationId ?? cause.correlationId,
    causationId,
    traceparent,
    at,
    firstSeenAt: at,
    attempt: 1,
    body: parsed.data,
  }
}
