import type { z } from 'zod'

/** Anybody; a signed-in admin or accountant; an admin alone. */
export type Access = 'public' | 'reader' | 'admin'

/** An answer that isn't made of a schema; the handler writes it itself. */
export interface Media {
  readonly media: 'text/event-stream' | 'text/csv' | 'application/json'
  /** What the data of each event is. */
  readonly data?: z.ZodType
}
/** An answer without a body: 204, or a redirect. */
export interface Nothing {
  readonly nothing: true
}
export const nothing: Nothing = { nothing: true }

export type AnswerShape = z.ZodType | Media | Nothing
export type Answers = Readonly<Record<number, AnswerShape>>

type None = z.ZodObject<Record<never, never>>

/** One thing that can be asked over REST. The same schemas validate, check answers, and make openapi.json and docs/API.md. */
export interface Endpoint<
  A extends Access = Access,
  B extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  P extends z.ZodType = z.ZodType,
  R extends Answers = Answers,
> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: `/${string}`
  readonly summary: string
  readonly tag: string
  readonly access: A
  /** None: the request may carry no field. */
  readonly body?: B
  readonly query?: Q
  readonly params?: P
  /** Headers of its own, for the document; the handler parses them. */
  readonly headers?: z.ZodObject
  readonly answers: R
  /** Honours Idempotency-Key. */
  readonly commanding?: boolean
  /** Leaves a line in the audit log under this name, before anything is done. */
  readonly audit?: string
  /** `auth`: the stricter limit per address. `none`: not limited here. */
  readonly rate?: 'auth' | 'none'
  /** The body reaches the handler as bytes, whatever its type (signed webhooks). */
  readonly raw?: boolean
}

/** Declares an endpoint and keeps its types. */
export const endpoint = <
  const A extends Access,
  const R extends Answers,
  B extends z.ZodType = None,
  Q extends z.ZodType = None,
  P extends z.ZodType = None,
>(
  definition: Endpoint<A, B, Q, P, R>,
): Endpoint<A, B, Q, P, R> => definition

/** Endpoints by name; the name is the OpenAPI operation's. */
export type Endpoints = Readonly<Record<string, Endpoint>>
