import type { Message, MessageName, NewMessage, ServiceName } from '@afo/contracts'
import type { Log } from '@afo/kit'

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

/** Wraps every handler of a consumer: time-out, logging, metrics, job tracking. The first in the list is the outermost. */
export type Middleware = (next: Handler) => Handler

/** What a new message goes back to. */
export interface Cause {
  readonly correlationId: string
  readonly causationId: string | null
  readonly tenantId: string | null
  readonly traceparent?: string | null
}

export interface DeadLetter {
  /** The entry's id in the dead-letter stream: what redrive and dismiss take. */
  readonly id: string
  readonly service: ServiceName
  readonly name: string
  readonly reason: string
  readonly kind: string
  readonly code: string
  readonly attempt: number
  readonly firstSeenAt: string | null
  readonly deadAt: string
  /** The original fields, as they were. */
  readonly raw: string
}

/** Back-pressure of one stream for one group. */
export interface StreamFigures {
  readonly stream: string
  readonly group: ServiceName
  readonly length: number
  /** Not yet delivered; null where Redis can't tell after a trim. */
  readonly lag: number | null
  readonly pending: number
  readonly oldestPendingMs: number | null
  readonly delayed: number
  readonly dead: number
}

export interface ConsumeOptions {
  readonly handlers: Handlers
  readonly middlewares?: readonly Middleware[]
  /** Messages of one stream that this process handles at once. */
  readonly concurrency?: number
  /** Milliseconds that one handling may take, where the default (15 minutes for jobs, one for the rest) doesn't fit. */
  readonly handlerTimeoutMs?: (name: MessageName) => number | undefined
  /**
   * Asked before each read, so it should answer from memory: false stops reading, with what is pending left pending, until it says true again
   * (Xero disconnected, breaker open, paused by a person).
   */
  readonly gate?: () => Promise<boolean>
  /** Called when a message goes to the dead letters; again where the process dies before Redis knows. Never throws into the loop. */
  readonly onDead?: (letter: { message: Message | null; reason: string; error: unknown }) => void
}

export interface Consumer {
  /** Since the loop last turned, for liveness. */
  heartbeatAgeMs(): number
  /** Stops reading, waits for what runs (until the deadline, then aborts it), resolves when nothing runs any more. */
  stop(deadlineMs: number): Promise<void>
}

/** Small values with a life time that may be lost with Redis: OAuth state, tickets, rate windows. */
export interface Ephemeral {
  put(key: string, value: string, ttlMs: number): Promise<void>
  /** Reads and deletes in one step: a second taker gets null. */
  take(key: string): Promise<string | null>
  /** Adds one within a window that starts at the first hit; answers the count and the window's remaining milliseconds. */
  hit(key: string, windowMs: number): Promise<{ count: number; resetMs: number }>
}

export interface Bus {
  /**
   * Publishes all, in order. An error means *unknown*: publishing the same again is harmless, since ids are derived and effects are guarded in Postgres.
   * @throws AppError `unavailable`
   */
  publish(messages: readonly NewMessage[], cause: Cause): Promise<void>
  consume(options: ConsumeOptions): Consumer
  /** Every message of these streams after the given id ("$" for new ones), for live views. Ends with the signal. */
  tail(
    streams: readonly string[],
    afterId: string,
    signal: AbortSignal,
  ): AsyncIterable<{ id: string; message: Message }>
  listDead(service: ServiceName, page: { limit: number; before?: string }): Promise<DeadLetter[]>
  /** Puts dead letters back on their streams under their own ids. Answers how many were there. */
  redrive(service: ServiceName, ids: readonly string[]): Promise<number>
  /** Throws dead letters away for good. Answers how many were there. */
  dismiss(service: ServiceName, ids: readonly string[]): Promise<number>
  figures(): Promise<StreamFigures[]>
  readonly ephemeral: Ephemeral
  /** Runs a Lua script (EVALSHA with fallback); the limiter's door to Redis. Keys must share one hash tag. */
  runScript(lua: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>
  /** @throws AppError `unavailable` when Redis doesn't answer in time */
  ping(): Promise<void>
  close(): Promise<void>
}
