import { z } from 'zod'
import { type BodyOf, type MessageName, messages } from './messages.js'
import { instantText } from './text.js'

/** What surrounds every body on a stream. The body is parsed by the message's own schema after the name is known. */
export const envelope = z.object({
  /** Derived from cause, name and entity where a handler speaks, so that a repeat has the same id. */
  id: z.guid(),
  name: z.string(),
  version: z.number().int().min(1),
  at: instantText,
  tenantId: z.string().nullable(),
  /** The command or schedule everything in one chain goes back to. */
  correlationId: z.string(),
  causationId: z.string().nullable(),
  traceparent: z.string().nullable(),
  /** The entity it is about; messages of one key may be handled in any order. */
  key: z.string(),
  /** Handlings so far, from 1; carried by the bus, since Redis's own counter also counts recoveries. */
  attempt: z.number().int().min(1),
  firstSeenAt: instantText,
  body: z.unknown(),
})
export type Envelope = z.infer<typeof envelope>

/** A message as a handler receives it. */
export type Message<N extends MessageName = MessageName> = {
  [K in N]: Omit<Envelope, 'name' | 'body'> & { readonly name: K; readonly body: BodyOf<K> }
}[N]

/** A message as a handler says it; the runtime adds the rest of the envelope. */
export type NewMessage<N extends MessageName = MessageName> = {
  [K in N]: {
    readonly name: K
    readonly key: string
    readonly body: BodyOf<K>
    /** Only where the derived id (cause, name, key) wouldn't tell two messages apart, or must be known beforehand. */
    readonly id?: string
    readonly correlationId?: string
    readonly tenantId?: string
  }
}[N]

export type ReadResult =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: string }

/** Parses an envelope and its body. Never throws: what can't be read goes to the dead letters with the reason. */
export function readMessage(raw: unknown): ReadResult {
  const outer = envelope.safeParse(raw)
  if (!outer.success) return { ok: false, reason: `envelope: ${describe(outer.error)}` }
  const definition = Object.hasOwn(messages, outer.data.name) ? messages[outer.data.name as MessageName] : undefined
  if (!definition) return { ok: false, reason: `unknown message ${outer.data.name}` }
  if (outer.data.version !== definition.version)
    return { ok: false, reason: `unknown version ${outer.data.version} of ${outer.data.name}` }
  const body = definition.body.safeParse(outer.data.body)
  if (!body.success) return { ok: false, reason: `body of ${outer.data.name}: ${describe(body.error)}` }
  return { ok: true, message: { ...outer.data, body: body.data } as Message }
}

const describe = (error: z.ZodError) =>
  error.issues.map((i) => `${i.path.join('.') || 'root'}: ${i.message}`).join('; ')
