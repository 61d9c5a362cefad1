import type { Log } from '@afo/kit'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Caller, Ports } from '../ports.js'

/** Anybody; a signed-in admin or accountant; an admin alone. */
export type Access = 'public' | 'reader' | 'admin'

/** An answer that isn't JSON; the handler writes it itself. */
export interface Media {
  readonly media: 'text/event-stream' | 'text/csv' | 'application/json'
}
/** An answer without a body: 204, or a redirect. */
export interface Nothing {
  readonly nothing: true
}
export const nothing: Nothing = { nothing: true }

export type AnswerShape = z.ZodType | Media | Nothing
export type Answers = Readonly<Record<number, AnswerShape>>

type Headers = Readonly<Record<string, string | readonly string[]>>
type Reply<S, A> = A extends z.ZodType
  ? { readonly status: S; readonly body: z.input<A>; readonly headers?: Headers }
  : A extends Media
    ? { readonly status: S; readonly send: (res: Response) => Promise<void> }
    : { readonly status: S; readonly headers?: Headers }

/** What a handler returns: one of the answers that its route declares. */
export type AnswerOf<A extends Answers> = { [S in keyof A]: Reply<S, A[S]> }[keyof A]

/** An answer whose type is forgotten, as the mechanism passes it on. */
export interface AnyAnswer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Headers
  readonly send?: (res: Response) => Promise<void>
}

/** What a handler is given besides its input. */
export interface RequestContext extends Ports {
  /** Null on public routes. */
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

type Context<A extends Access> = A extends 'public' ? RequestContext : RequestContext & { readonly caller: Caller }

export interface Input<B, Q, P> {
  readonly body: B
  readonly query: Q
  readonly params: P
}

interface Described {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  readonly path: `/${string}`
  readonly summary: string
  readonly tag: string
  /** Honours Idempotency-Key. */
  readonly commanding?: boolean
  /** Leaves a line in the audit log under this name, before anything is done. */
  readonly audit?: string
  /** `auth`: the stricter limit per address. `none`: not limited here. */
  readonly rate?: 'auth' | 'none'
  /** The body reaches the handler as bytes, whatever its type (signed webhooks). */
  readonly raw?: boolean
}

export interface Route<
  A extends Access,
  B extends z.ZodType,
  Q extends z.ZodType,
  P extends z.ZodType,
  R extends Answers,
> extends Described {
  readonly access: A
  /** None: the request may carry no field. */
  readonly body?: B
  readonly query?: Q
  readonly params?: P
  readonly answers: R
  handle(input: Input<z.output<B>, z.output<Q>, z.output<P>>, ctx: Context<A>): Promise<AnswerOf<R>>
}

/** A route whose types are forgotten: what the table holds. */
export interface AnyRoute extends Described {
  readonly access: Access
  readonly body?: z.ZodType
  readonly query?: z.ZodType
  readonly params?: z.ZodType
  readonly answers: Answers
  handle(input: Input<unknown, unknown, unknown>, ctx: RequestContext): Promise<AnyAnswer>
}

type None = z.ZodObject<Record<never, never>>

/**
 * Declares one route. The same schemas validate requests, check answers (outside production), and make openapi.json and docs/API.md.
 * The handler throws AppErrors; they become problem documents.
 */
export function route<
  A extends Access,
  const R extends Answers,
  B extends z.ZodType = None,
  Q extends z.ZodType = None,
  P extends z.ZodType = None,
>(definition: Route<A, B, Q, P, R>): AnyRoute {
  return definition as unknown as AnyRoute
}
