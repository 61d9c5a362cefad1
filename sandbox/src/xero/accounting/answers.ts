import { newId } from '@afo/kit'
import { dateOf } from '../rules/dates.js'
import type { Element } from '../rules/element.js'
import { day, instant } from './wire.js'

/** What a handler answers; the pipeline adds headers and puts it on the wire. */
export interface Answer {
  readonly status: number
  /** JSON; absent: an empty text/html body, as Xero's 404. */
  readonly body?: object
  /** Elements in a list answer. */
  readonly elements?: number
}

export interface Pagination {
  readonly page: number
  readonly pageSize: number
  readonly pageCount: number
  readonly itemCount: number
}

export const providerName = 'AmpedFieldOps'

/** Xero's envelope of success around a list. */
export function listed(name: string, elements: readonly object[], now: number, pagination?: Pagination): Answer {
  return {
    status: 200,
    elements: elements.length,
    body: {
      Id: newId(),
      Status: 'OK',
      ProviderName: providerName,
      DateTimeUTC: instant(now),
      ...(pagination ? { pagination } : {}),
      [name]: elements,
    },
  }
}

export const notFound: Answer = { status: 404 }

/** The whole request refused because of its elements. */
export const refused = (elements: readonly object[]): Answer => ({
  status: 400,
  elements: elements.length,
  body: {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: 'A validation exception occurred',
    Elements: elements,
  },
})

export const malformed = (message: string, errorNumber = 14, type = 'PostDataInvalidException'): Answer => ({
  status: 400,
  body: { ErrorNumber: errorNumber, Type: type, Message: message },
})

export const unparsable = (message: string): Answer => malformed(message, 16, 'QueryParseException')

/** Problems of access, in the shape that Xero's gateway gives them. */
export const denied = (status: 401 | 403, detail: string): Answer => ({
  status,
  body: {
    Type: null,
    Title: status === 401 ? 'Unauthorized' : 'Forbidden',
    Status: status,
    Detail: detail,
    Instance: newId(),
    Extensions: {},
  },
})

/** A refused element as Xero gives it back: what was sent, the id it has (or zeros), and why. */
export function refusedElement(sent: Element, idField: string, id: string, messages: readonly string[]): object {
  const flags =
    idField === 'InvoiceID' ? { HasErrors: true } : idField === 'ContactID' ? { HasValidationErrors: true } : {}
  return {
    ...sent,
    ...storedDates(sent),
    [idField]: id,
    ...flags,
    StatusAttributeString: 'ERROR',
    ValidationErrors: messages.map((Message) => ({ Message })),
  }
}

/** Dates come back as Xero writes them, however they were sent. */
function storedDates(sent: Element): object {
  const dates = ['Date', 'DueDate', 'ExpectedPaymentDate', 'PlannedPaymentDate'].flatMap((field) => {
    const date = dateOf(sent[field])
    return date ? [[field, day(date)]] : []
  })
  return Object.fromEntries(dates)
}
