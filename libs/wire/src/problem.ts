import { z } from 'zod'
import { listOf, text } from './scalars.js'

/** Why Xero refused, in its own words. */
export interface Problem {
  /** One sentence for a person: the validation messages where there are any, else Xero's general one. */
  readonly message: string
  readonly validation: readonly string[]
  /** The elements of a batch that were found wrong, by their place in the request. */
  readonly elements: readonly { readonly index: number; readonly messages: readonly string[] }[]
  /** 10 for a validation error, 14 for unreadable data. */
  readonly errorNumber: number | null
  /** "ValidationException", "PostDataInvalidException", or the title of an HTTP problem. */
  readonly type: string | null
}

/** What says that an element of a batch was refused; the answer's status is 200 with `summarizeErrors=false`. */
export const verdict = z
  .object({
    StatusAttributeString: text,
    HasErrors: z.boolean().nullish(),
    HasValidationErrors: z.boolean().nullish(),
    ValidationErrors: listOf(z.object({ Message: text })),
  })
  .transform((v) => ({
    refused:
      v.StatusAttributeString === 'ERROR' ||
      v.HasErrors === true ||
      v.HasValidationErrors === true ||
      v.ValidationErrors.length > 0,
    messages: v.ValidationErrors.flatMap((e) => (e.Message ? [e.Message] : [])),
  }))

const body = z.object({
  ErrorNumber: z.number().nullish(),
  Type: text,
  Title: text,
  Message: text,
  Detail: text,
  Elements: listOf(verdict),
})

/** Reads the body of a refusal. Total: what isn't one (nothing, HTML, other JSON) becomes a problem that says only the status. */
export function problemOf(status: number, data: unknown): Problem {
  const read = body.safeParse(data)
  if (!read.success)
    return { message: `Xero answered ${status}`, validation: [], elements: [], errorNumber: null, type: null }
  const { ErrorNumber, Type, Title, Message, Detail, Elements } = read.data
  const validation = [...new Set(Elements.flatMap((e) => e.messages))]
  return {
    message: validation.join(' ') || Message || Detail || `Xero answered ${status}`,
    validation,
    elements: Elements.flatMap((e, index) => (e.messages.length > 0 ? [{ index, messages: e.messages }] : [])),
    errorNumber: ErrorNumber ?? null,
    type: Type ?? Title,
  }
}
