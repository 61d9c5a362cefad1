import { z } from 'zod'
import { type Problem, verdict } from './problem.js'
import { instant } from './scalars.js'

export interface Page<T> {
  readonly items: readonly T[]
  readonly page: number
  readonly pageCount: number
  readonly itemCount: number
  /** Xero's own clock when it answered, ISO: what a cursor over `modifiedSince` is taken from, since ours may differ. */
  readonly at: string | null
}

/** What became of one element of a write; results stand in the order of the request. `messages` are Xero's own words. */
export type ElementResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly messages: readonly string[] }

/** A 2xx in which Xero refuses all the same (a batch of one), in the words of a refusal. */
export class Refused extends Error {
  readonly problem: Problem

  constructor(messages: readonly string[]) {
    super('refused')
    const [message, elements] = [messages.join(' '), [{ index: 0, messages }]]
    this.problem = { message, validation: messages, elements, errorNumber: null, type: null }
  }
}

/*
 * How the envelopes of Xero's answers are read: `{ Contacts: [...], pagination }`. Each throws for what isn't one; an empty object, which the
 * SDK makes of an HTML page, isn't one.
 */

const envelope = z.record(z.string(), z.unknown())
const elementsOf = (data: unknown, key: string) => z.array(z.unknown()).parse(envelope.parse(data)[key])

export const all =
  <S extends z.ZodType>(key: string, schema: S) =>
  (data: unknown): readonly z.output<S>[] =>
    z.array(schema).parse(elementsOf(data, key))

export const first =
  <S extends z.ZodType>(key: string, schema: S) =>
  (data: unknown): z.output<S> =>
    schema.parse(elementsOf(data, key)[0])

const pagination = z.object({ page: z.number(), pageCount: z.number(), itemCount: z.number() })
const clock = z.object({ DateTimeUTC: instant })

export const page =
  <S extends z.ZodType>(key: string, schema: S, asked = 1) =>
  (data: unknown): Page<z.output<S>> => {
    const items = all(key, schema)(data)
    const said = pagination.safeParse(envelope.parse(data).pagination)
    const at = clock.safeParse(data).data?.DateTimeUTC ?? null
    return { items, at, ...(said.data ?? { page: asked, pageCount: asked, itemCount: items.length }) }
  }

/** A write's only element; throws {@link Refused} with Xero's words when it was refused. */
export const one =
  <S extends z.ZodType>(key: string, schema: S) =>
  (data: unknown): z.output<S> => {
    const [result] = elements(key, schema, [undefined], () => true)(data)
    if (result?.ok) return result.value
    throw new Refused(result?.messages ?? [])
  }

/**
 * A batch's elements in the order of the request. Xero answers one element for each: any other number, or one that isn't `same` as what stood at
 * its place in the request, makes the whole answer unreadable rather than ascribed to the wrong element.
 */
export const elements =
  <S extends z.ZodType, W>(
    key: string,
    schema: S,
    asked: readonly W[],
    same: (asked: W, answered: z.output<S>) => boolean,
  ) =>
  (data: unknown): readonly ElementResult<z.output<S>>[] => {
    const answered = elementsOf(data, key)
    if (answered.length !== asked.length) throw new Error(`${answered.length} answers to ${asked.length} elements`)
    return asked.map((element, index) => {
      const { refused, messages } = verdict.parse(answered[index])
      if (refused) return { ok: false, messages }
      const value = schema.parse(answered[index])
      if (!same(element, value)) throw new Error(`element ${index} is another one`)
      return { ok: true, value }
    })
  }
