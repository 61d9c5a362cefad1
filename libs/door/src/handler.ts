import type { Access, Answers, Endpoint, Media } from '@afo/contracts'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Caller, DoorPorts } from './ports.js'

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

/** Endpoints by name. */
export type Table = Readonly<Record<string, Endpoint>>

interface RequestParts {
  /** Null on public endpoints. */
  readonly caller: Caller | null
  readonly requestId: string
  /** The id of what this request commands: the same for every repeat under one Idempotency-Key. */
  readonly commandId: string
  /** Aborts when the client is gone or the process stops. */
  readonly signal: AbortSignal
  /** PUBLIC_URL, else the origin of this request (forwarded headers count behind a trusted proxy only). */
  readonly origin: string
  readonly req: Request
}

/** What a handler is given besides its input: the ports of its service, and who asks what. */
export type RequestContextOf<P extends DoorPorts = DoorPorts> = P & RequestParts

/** The context of an endpoint that only signed-in people reach. */
export type SignedInOf<P extends DoorPorts> = RequestContextOf<P> & { readonly caller: Caller }

export interface Input<B = unknown, Q = unknown, P = unknown> {
  readonly body: B
  readonly query: Q
  readonly params: P
}

type HandlerOf<E, Ports extends DoorPorts> =
  E extends Endpoint<infer A extends Access, infer B, infer Q, infer P, infer R>
    ? (
        input: Input<z.output<B>, z.output<Q>, z.output<P>>,
        ctx: A extends 'public' ? RequestContextOf<Ports> : SignedInOf<Ports>,
      ) => Promise<AnswerOf<R>>
    : never

/** A handler for every endpoint of a table, under its name; one that is missing or answers something else doesn't compile. */
export type HandlersOf<T extends Table, P extends DoorPorts> = { readonly [N in keyof T]: HandlerOf<T[N], P> }

/** A handler whose types are forgotten. */
export type AnyHandler = (input: Input, ctx: RequestContextOf) => Promise<AnyAnswer>
