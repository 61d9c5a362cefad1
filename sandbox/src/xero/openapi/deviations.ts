/** Where the real Xero leaves its own OpenAPI document, and what says so. Everything else must agree. */

type Properties = Readonly<Record<string, object>>

const text = { type: 'string' }
const msDate = { type: 'string', pattern: '^/Date\\(-?\\d+([+-]\\d{4})?\\)/$' }

/** The envelope that every list comes in; the document shows it in examples only. */
export const envelope: Properties = {
  Id: { type: 'string', format: 'uuid' },
  Status: text,
  ProviderName: text,
  DateTimeUTC: msDate,
}

/** Properties that answers carry beyond the schemas. Recorded from a demo organisation, or in the document's own examples. */
export const extraInAnswers: Readonly<Record<string, Properties>> = {
  // Twins of the dates.
  Invoice: { DateString: text, DueDateString: text },
  CreditNote: { DateString: text, DueDateString: text },
  HistoryRecord: { DateUTCString: text, ValidationErrors: { type: 'array' } },
  // Without a zone, as the document's own example has them, though it says date-time.
  Connection: { createdDateUtc: text, updatedDateUtc: text },
  // The shape of a validation exception: the document types elements by their ids alone.
  LineItem: { ValidationErrors: { type: 'array' } },
  // In the document's example of /Accounts and /Payments, though not in their schemas.
  Payment: { HasAccount: { type: 'boolean' } },
}

/** Schemas whose elements are echoes of what was sent, so anything may be in them. */
export const open: ReadonlySet<string> = new Set(['Element'])

/** Query parameters that work though an operation doesn't list them. */
export const extraQuery: Readonly<Record<string, readonly string[]>> = {
  // Xero's own guide on decimals asks for unitdp on every write and read; single gets of these list it, single posts too.
  'POST /Invoices/{InvoiceID}': ['unitdp', 'summarizeErrors'],
  'POST /Contacts/{ContactID}': ['summarizeErrors'],
}

/** Answers that come from in front of the API (access, limits, outages) and aren't in the document at all. */
export const platformStatuses: ReadonlySet<number> = new Set([401, 403, 404, 429, 500, 503])

/** A query that Xero can't read is answered 400 (QueryParseException), which the document has for writes only. */
export const unreadableQuery = (method: string, status: number): boolean => method === 'GET' && status === 400
