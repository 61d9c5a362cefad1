import * as wire from '@afo/wire'
import { all, answers, elements, first, one, page } from '@afo/wire'
import { type CallSpec, createCaller, type XeroOptions } from './call.js'
import type { CallOptions } from './types.js'

/** Common to lists that are paged. `page` from 1, `pageSize` to 1000, `ids` at most 40 a call. */
export interface ListQuery {
  readonly page?: number
  readonly pageSize?: number
  /** ISO instant; Xero compares to the second and misses some edits: overlap it. */
  readonly modifiedSince?: string
  readonly ids?: readonly string[]
  readonly includeArchived?: boolean
  /** Xero's filter language, unencoded: `Name=="Smith"`, `DueDate>=DateTime(2026,01,31)`. */
  readonly where?: string
  /** "UpdatedDateUTC DESC": newest first, a change while paging repeats an element on a later page and leaves none out. */
  readonly order?: string
}
type Run = CallSpec<unknown>['run']

const date = (iso: string | undefined) => (iso === undefined ? undefined : new Date(iso))
const list = (values: readonly string[] | undefined) => (values === undefined ? undefined : [...values])
/** 4 decimals in unit prices, on reads as well as writes; Xero rounds to 2 otherwise. */
const unitdp = 4
/** A batch answers for each element, instead of refusing all for one. */
const summarizeErrors = false

/**
 * The connected Xero organisation, within its limits. No method throws for what Xero or the way to it does: that is the outcome.
 * Batches take at most 50 elements; an element refused doesn't spoil its neighbours.
 */
export function createXero(options: XeroOptions) {
  const { call, calledFor, gate, close } = createCaller(options)

  const get = <T>(endpoint: string, path: string, read: (data: unknown) => T, run: Run, o: CallOptions, absent?: T) =>
    call<T>({ endpoint, method: 'GET', path, write: false, read, run, absent }, o)
  const setting =
    <T>(path: string, read: (data: unknown) => T, run: Run) =>
    (o: CallOptions) =>
      get('settings', path, read, run, o)
  const write = <T>(spec: Omit<CallSpec<T>, 'write'>, o: CallOptions) => call<T>({ ...spec, write: true }, o)

  const writeContacts = (method: 'PUT' | 'POST', contacts: readonly wire.ContactWrite[], o: CallOptions) => {
    const body = { contacts: contacts.map(wire.contactBody) }
    const read = elements('Contacts', answers.contact, contacts, wire.sameContact)
    const save = method === 'PUT' ? 'createContacts' : 'updateOrCreateContacts'
    const run: Run = (api, t) => api[save](t, body, summarizeErrors, o.idempotencyKey)
    return write({ endpoint: 'contacts', method, path: '/Contacts', body, read, run }, o)
  }

  // The SDK's arguments stand by position and shift between its majors: one line each, nowhere else.
  return {
    contacts: {
      list: (q: ListQuery & { readonly searchTerm?: string }, o: CallOptions) => {
        const { modifiedSince, where, order, ids, page: nth = 1, includeArchived, searchTerm, pageSize } = q
        // biome-ignore format: one line, as the SDK counts
        const run: Run = (api, t) => api.getContacts(t, date(modifiedSince), where, order, list(ids), nth, includeArchived, undefined, searchTerm, pageSize)
        return get('contacts', '/Contacts', page('Contacts', answers.contact, nth), run, o)
      },
      /** By ContactID or ContactNumber; null where there is none. */
      get: (idOrNumber: string, o: CallOptions) => {
        const read = first('Contacts', answers.contact)
        const run: Run = (api, t) => api.getContact(t, idOrNumber)
        return get<wire.XeroContact | null>('contacts', `/Contacts/${idOrNumber}`, read, run, o, null)
      },
      /** PUT: refuses a name or number that exists. */
      create: (contacts: readonly wire.ContactWrite[], o: CallOptions) => writeContacts('PUT', contacts, o),
      /** POST: updates by ContactID, else by number or name, else creates. */
      upsert: (contacts: readonly wire.ContactWrite[], o: CallOptions) => writeContacts('POST', contacts, o),
    },
    items: {
      /** All of them; Items aren't paged. */
      list: ({ modifiedSince }: { readonly modifiedSince?: string }, o: CallOptions) => {
        const run: Run = (api, t) => api.getItems(t, date(modifiedSince), undefined, undefined, unitdp)
        return get('items', '/Items', all('Items', answers.item), run, o)
      },
    },
    invoices: {
      list: (
        q: ListQuery & { readonly [K in 'numbers' | 'statuses' | 'contacts']?: readonly string[] },
        o: CallOptions,
      ) => {
        const { modifiedSince, where, order, ids, numbers, statuses, page: nth = 1, includeArchived, pageSize } = q
        // biome-ignore format: one line, as the SDK counts
        const run: Run = (api, t) => api.getInvoices(t, date(modifiedSince), where, order, list(ids), list(numbers), list(q.contacts), list(statuses), nth, includeArchived, undefined, unitdp, undefined, pageSize)
        return get('invoices', '/Invoices', page('Invoices', answers.invoice, nth), run, o)
      },
      /** PUT: refuses a number that exists, where POST would overwrite it. */
      create: (invoices: readonly wire.InvoiceWrite[], o: CallOptions) => {
        const body = { invoices: invoices.map(wire.invoiceBody) }
        const same = (asked: wire.InvoiceWrite, is: wire.XeroInvoice) => asked.invoiceNumber === is.invoiceNumber
        const read = elements('Invoices', answers.invoice, invoices, same)
        const run: Run = (api, t) => api.createInvoices(t, body, summarizeErrors, unitdp, o.idempotencyKey)
        return write({ endpoint: 'invoices', method: 'PUT', path: '/Invoices', body, read, run }, o)
      },
      setStatus: (id: string, status: 'SUBMITTED' | 'AUTHORISED' | 'VOIDED' | 'DELETED', o: CallOptions) => {
        const body = { invoices: [{ status: status as never }] }
        const read = one('Invoices', answers.invoice)
        const run: Run = (api, t) => api.updateInvoice(t, id, body, unitdp)
        return write({ endpoint: 'invoices', method: 'POST', path: `/Invoices/${id}`, body, read, run }, o)
      },
      history: (id: string, o: CallOptions) => {
        const read = all('HistoryRecords', answers.historyNote)
        return get('history', `/Invoices/${id}/History`, read, (api, t) => api.getInvoiceHistory(t, id), o)
      },
      /** A repeat makes a second note. At most 2,500 characters. */
      addHistory: (id: string, details: string, o: CallOptions) => {
        const body = { historyRecords: [{ details }] }
        const read = one('HistoryRecords', answers.historyNote)
        const run: Run = (api, t) => api.createInvoiceHistory(t, id, body, o.idempotencyKey)
        return write({ endpoint: 'history', method: 'PUT', path: `/Invoices/${id}/History`, body, read, run }, o)
      },
    },
    accounts: { list: setting('/Accounts', all('Accounts', answers.account), (api, t) => api.getAccounts(t)) },
    taxRates: { list: setting('/TaxRates', all('TaxRates', answers.taxRate), (api, t) => api.getTaxRates(t)) },
    organisation: {
      get: setting('/Organisation', first('Organisations', answers.organisation), (api, t) => api.getOrganisations(t)),
    },
    tracking: {
      list: setting('/TrackingCategories', all('TrackingCategories', answers.trackingCategory), (api, t) =>
        api.getTrackingCategories(t),
      ),
    },
    /** The organisation that the work at hand has called; null before its first call. */
    calledFor,
    /** Whether a call has a chance now; false is the time to stop reading messages and burn no attempts. */
    gate,
    /** Drops what waits and lets running calls end. */
    close,
  }
}

export type Xero = ReturnType<typeof createXero>
/** The organisation alone, as a service's handlers see it. */
export type XeroApi = Omit<Xero, 'gate' | 'close'>
