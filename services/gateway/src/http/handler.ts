import type { Access, Answers, Endpoint, EndpointName, endpoints, Media } from '@afo/contracts'
import type { Log } from '@afo/kit'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Caller, Ports } from '../ports.js'

type Headers = Readonly<Record<string, string | readonly string[]>>
type Reply<S, A> = A extends z.ZodType
  ? { readonly status: S; readonly body: z.input<A>; readonly headers?: Headers }
  : A extends Media
    ? { readonly status: S; readonly send: (res: Response) => Promise<void> }
    : { readonly status: S; readonly headers?: Headers }

/** One of the answers that an endpoint declares. */
type AnswerOf<A extends Answers> = { [S in keyof A]: Reply<S, A[S]> }[keyof A]

/** An answer whose type is forgotten, as the mechanism passes it on. */
export interface AnyAnswer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Headers
  readonly send?: (res: Response) => Promise<void>
}

/** What a handler is given besides its input. */
export interface RequestContext extends Ports {
  /** Null on public endpoints. */
  readonly caller: Caller | null
  readonly requestId: string
  readonly log: Log
  /** The id of what this request commands: the same for every repeat under one Idempotency-Key. */
  readonly commandId: string
  /** Aborts when the client is gone or the process stops. */
  readonly signal: AbortSignal
  /** PUBLIC_URL, else the origin of this request (forwarded headers count behind a trusted proxy only). */
  readonly origin: string
  readonly req: Request
}

/** The context of an endpoint that only signed-in people reach. */
export type SignedIn = RequestContext & { readonly caller: Caller }

export interface Input<B = unknown, Q = unknown, P = unknown> {
  readonly body: B
  readonly query: Q
  readonly params: P
}

type HandlerOf<E> =
  E extends Endpoint<infer A extends Access, infer B, infer Q, infer P, infer R>
    ? (
        input: Input<z.output<B>, z.output<Q>, z.output<P>>,
        ctx: A extends 'public' ? RequestContext : SignedIn,
      ) => Promise<AnswerOf<R>>
    : never

/** A handler for every endpoint there is, under its name; one that is missing or answers something else doesn't compile. */
export type Handlers = { readonly [N in EndpointName]: HandlerOf<(typeof endpoints)[N]> }

/** A handler whose types are forgotten. */
export type AnyHandler = (input: Input, ctx: RequestContext) => Promise<AnyAnswer>
