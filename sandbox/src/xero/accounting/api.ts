import type { Query } from '../query/listing.js'
import { type Element, isElement } from '../rules/element.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import { type Answer, listed, malformed, refused, refusedElement } from './answers.js'

/** One call as a handler sees it: who asks what of which books. */
export interface ApiCall {
  readonly store: OrganisationStore
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly header: (name: string) => string | undefined
  /** Parsed JSON of a write. */
  readonly body: unknown
  readonly clientId: string
  readonly now: number
}

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** "/Invoices/{id}/History" */
  readonly path: string
  /** Any one of them will do. */
  readonly scopes: readonly string[]
  readonly handle: (call: ApiCall) => Answer
}

/** Scopes that open a resource, granular and broad; a write scope opens reads too. */
export const opens = (access: 'read' | 'write', ...names: readonly string[]): readonly string[] =>
  access === 'write' ? names : names.flatMap((name) => [name, `${name}.read`])

/** The list under its name, whatever its case; a lone object counts as a list of one. */
export function elementsOf(body: unknown, name: string): readonly Element[] | undefined {
  if (!isElement(body)) return undefined
  const found = Object.entries(body).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  if (Array.isArray(found)) return found.map((element) => (isElement(element) ? element : {}))
  return found === undefined && Object.keys(body).length > 0 ? [body] : undefined
}

export type Written =
  | { readonly ok: object }
  | { readonly refused: readonly string[]; readonly id: string }
  | { readonly notFound: true }

interface Batch {
  readonly name: string
  readonly idField: 'ContactID' | 'InvoiceID' | 'ItemID'
  readonly call: ApiCall
  /** The id in the path, put into the single element. */
  readonly id?: string | undefined
  readonly write: (element: Element) => Written
}

/**
 * Writes a list. With summarizeErrors (Xero's default) one bad element refuses the whole request and nothing stays; without it, each
 * element answers for itself. An id that Xero never gave out makes the whole request a 404.
 */
export function writeBatch({ name, idField, call, id, write }: Batch): Answer {
  const sent = elementsOf(call.body, name)
  if (!sent || sent.length === 0) {
    const expected = name.replace(/s$/, '')
    const message = `No data has been processed for this endpoint. This endpoint is expecting ${expected} data to be specifed in the request body.`
    return malformed(message, 17, 'NoDataProcessedException')
  }
  const summarize = call.query.summarizeErrors
  const { answer } = call.store.atomically(() => {
    const results = sent.map((element) => {
      const named = id === undefined ? element : { ...element, [idField]: id }
      return { element: named, result: write(named) }
    })
    if (results.some(({ result }) => 'notFound' in result))
      return { keep: false, answer: { status: 404 } satisfies Answer as Answer }
    const shown = results.map(({ element, result }) => {
      if ('ok' in result)
        return { bad: false, element: summarize ? result.ok : { ...result.ok, StatusAttributeString: 'OK' } }
      return 'refused' in result
        ? { bad: true, element: refusedElement(element, idField, result.id, result.refused) }
        : { bad: true, element }
    })
    const bad = shown.filter((s) => s.bad).map((s) => s.element)
    if (summarize && bad.length > 0) return { keep: false, answer: refused(bad) }
    return {
      keep: true,
      answer: listed(
        name,
        shown.map((s) => s.element),
        call.now,
      ),
    }
  })
  return answer
}
