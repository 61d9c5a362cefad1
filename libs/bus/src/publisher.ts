import { messages as definitions, type Envelope, type NewMessage, streamOf } from '@afo/contracts'
import { AppError, derivedId } from '@afo/kit'
import type { Connection } from './connection.js'
import { streamKey } from './core.js'
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

/** Sends all in one go, in order. @throws AppError `unavailable` (some may have been published), `bug` (none was) */
export async function publish(connection: Connection, prefix: string, messages: readonly NewMessage[], cause: Cause) {
  const at = new Date().toISOString()
  const commands = messages.map((message): [string, ...string[]] => {
    const json = JSON.stringify(seal(message, cause, at))
    return ['XADD', streamKey(prefix, streamOf(message.name)), '*', 'm', json]
  })
  const [only] = commands
  if (only && commands.length === 1) await connection.call(...only)
  else await connection.pipeline(commands)
}
