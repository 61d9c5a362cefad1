import { messages as definitions, type Envelope, type NewMessage } from '@afo/contracts'
import { AppError, derivedId } from '@afo/kit'
import type { Connection } from './connection.js'
import { streamKey } from './keys.js'
import type { Cause } from './types.js'

/** The message with all that surrounds it. @throws AppError `bug` for a body that breaks its own schema */
export function seal(message: NewMessage, cause: Cause, at: string): Envelope {
  const { version, body } = definitions[message.name]
  const parsed = body.safeParse(message.body)
  if (!parsed.success)
    throw new AppError('bug', `${message.name} would be unreadable: ${parsed.error.message}`, { cause: parsed.error })
  return {
    id: message.id ?? derivedId(cause.causationId ?? cause.correlationId, message.name, message.key),
    name: message.name,
    version,
    at,
    tenantId: message.tenantId ?? cause.tenantId,
    correlationId: message.correlationId ?? cause.correlationId,
    causationId: cause.causationId,
    traceparent: cause.traceparent ?? null,
    key: message.key,
    attempt: 1,
    firstSeenAt: at,
    body: parsed.data,
  }
}

/** @throws AppError `unavailable` (unknown whether published), `bug` for a message no one could read */
export async function publish(
  connection: Connection,
  prefix: string,
  messages: readonly NewMessage[],
  cause: Cause,
): Promise<void> {
  const at = new Date().toISOString()
  const commands = messages.map((message): [string, ...string[]] => {
    const raw = JSON.stringify(seal(message, cause, at))
    return ['XADD', streamKey(prefix, definitions[message.name].stream), '*', 'm', raw]
  })
  const [first] = commands
  if (commands.length === 1 && first) await connection.call(...first)
  else if (commands.length > 1) await connection.pipeline(commands)
}
