import type { deadLetterView, Message, MessageName, NewMessage } from '@afo/contracts'
import type { Log } from '@afo/kit'
import type { z } from 'zod'

/** What one handling is given besides its message. */
export interface HandlerContext {
  /** Aborts at shutdown, at the handler's time-out, and when a peer has taken the message over. */
  readonly signal: AbortSignal
  /** Aborts the signal: for a middleware that ends a handling, as the time-out does. */
  readonly abort: (reason: Error) => void
  readonly log: Log
}

/**
 * Takes one message and answers what to say next. The runtime publishes that, then acknowledges: a crash in between leads to a second handling,
 * so a handler is idempotent and says the same again when there is nothing left to do.
 */
export type Handler<N extends MessageName = MessageName> = (
  message: Message<N>,
  ctx: HandlerContext,
) => Promise<readonly NewMessage[]>

/** Message name to handler; a handler bound to another message's name doesn't compile. */
export type Handlers = { readonly [N in MessageName]?: Handler<N> }

/** Wraps every handler of a consumer: time-out, logging, metrics, inbox. The first in the list is the outermost. */
export type Middleware = (next: Handler) => Handler

/** What a new message goes back to. */
export interface Cause {
  readonly correlationId: string
  readonly causationId: string | null
  readonly tenantId: string | null
  readonly traceparent?: string | null
}

/** What became of a message that no handler could deal with; `raw` is the message as it was. */
export type DeadLetter = z.infer<typeof deadLetterView>

export interface ConsumeOptions {
  readonly handlers: Handlers
  /** Inside of the bus's own: metrics, then context and log, then these, then the time-out. */
  readonly middlewares?: readonly Middleware[]
  /** Messages that this process handles at once. */
  readonly concurrency?: number
  /**
   * Asked before each read, so it should answer from memory: false stops reading, with what is pending left pending, until it says true again
   * (Xero disconnected, breaker open, paused by a person).
   */
  readonly gate?: () => Promise<boolean>
  /**
   * Called when a message is to go to the dead letters: again where the process dies before Redis knows, and in vain where a peer has taken the message
   * over meanwhile. Never throws into the loop.
   */
  readonly onDead?: (letter: { message: Message | null; reason: string; error: unknown }) => void
}
