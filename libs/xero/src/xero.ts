import type { ContactWrite, XeroApi } from './api.js'
import { contactBody, invoiceBody, sameContact } from './bodies.js'
import { type CallSpec, createCaller, type XeroOptions } from './call.js'
import { all, elements, first, one, page } from './readings.js'
import type { CallOptions } from './types.js'
import * as wire from './wire.js'

export interface Xero extends XeroApi {
  /** Whether a call has a chance now; false is the time to stop reading messages and burn no attempts. */
  gate(): Promise<boolean>
  /** Drops what waits and lets running calls end. */
  close(): Promise<void>
}

const date = (iso: string | undefined) => (iso === undefined ? undefined : new Date(iso))
const list = (values: readonly string[] | undefined) => (values === undefined ? undefined : [...values])
/** 4 decimals in unit prices, on reads as well as writes; Xero rounds to 2 otherwise. */
const unitdp = 4
/** A batch answers for each element, instead of refusing all for one. */
const summarizeErrors = false

/** The connected Xero organisation, within its limits. */
export function createXero(options: XeroOptions): Xero {
  const { call, gate, close } = createCaller(options)

  const get = <T>(
    endpoint: string,
    path: string,
    read: (data: unknown) => T,
    run: CallSpec<T>['run'],
    o: CallOptions,
  ) => call<T>({ endpoint, method: 'GET', path, write: false, read, run }, o)
  const write = <T>(spec: Omit<CallSpec<T>, 'write'>, o: CallOptions) => call<T>({ ...spec, write: true }, o)

  const writeContacts = (method: 'PUT' | 'POST', contacts: readonly ContactWrite[], o: CallOptions) => {
    const body = { contacts: contacts.map(contactBody) }
    const read = elements('Contacts', wire.contact, contacts, sameContact)
    const run: CallSpec<unknown>['run'] = (api, tenant) =>
      method === 'PUT'
        ? api.createContacts(tenant, body, summarizeErrors, o.idempotencyKey)
        : api.updateOrCreateContacts(tenant, body, summarizeErrors, o.idempotencyKey)
    return write({ endpoint: 'contacts', method, path: '/Contacts', body, read, run }, o)
  }

  // The SDK's arguments stand by position and shift between its majors: one line each, nowhere else.
  return {
    gate,
    close,
    contacts: {
      list: ({ modifiedSince, where, order, ids, page: nth = 1, includeArchived, searchTerm, pageSize }, o) => {
        const read = page('Contacts', wire.contact, nth)
        // biome-ignore format: one line, as the SDK counts
        const run: CallSpec<unknown>['run'] = (api, t) => api.getContacts(t, date(modifiedSince), where, order, list(ids), nth, includeArchived, undefined, searchTerm, pageSize)
        return get('contacts', '/Contacts', read, run, o)
      },
      get: (id, o) => {
        const spec = {
          endpoint: 'contacts',
          method: 'GET',
          path: `/Contacts/${id}`,
          write: false,
          absent: null,
        } as const
        return call({ ...spec, read: first('Contacts', wire.contact), run: (api, t) => api.getContact(t, id) }, o)
      },
      create: (contacts, o) => writeContacts('PUT', contacts, o),
      upsert: (contacts, o) => writeContacts('POST', contacts, o),
    },
    items: {
      list: ({ modifiedSince }, o) => {
        const run: CallSpec<unknown>['run'] = (api, t) =>
          api.getItems(t, date(modifiedSince), undefined, undefined, unitdp)
        return get('items', '/Items', all('Items', wire.item), run, o)
      },
    },
    invoices: {
      list: ({ modifiedSince, where, ids, numbers, statuses, page: nth = 1, includeArchived, pageSize }, o) => {
        const read = page('Invoices', wire.invoice, nth)
        // biome-ignore format: one line, as the SDK counts
        const run: CallSpec<unknown>['run'] = (api, t) => api.getInvoices(t, date(modifiedSince), where, undefined, list(ids), list(numbers), undefined, list(statuses), nth, includeArchived, undefined, unitdp, undefined, pageSize)
        return get('invoices', '/Invoices', read, run, o)
      },
      create: (invoices, o) => {
        const body = { invoices: invoices.map(invoiceBody) }
        const read = elements(
          'Invoices',
          wire.invoice,
          invoices,
          (asked, is) => asked.invoiceNumber === is.invoiceNumber,
        )
        const run: CallSpec<unknown>['run'] = (api, t) =>
          api.createInvoices(t, body, summarizeErrors, unitdp, o.idempotencyKey)
        return write({ endpoint: 'invoices', method: 'PUT', path: '/Invoices', body, read, run }, o)
      },
      setStatus: (id, status, o) => {
        const body = { invoices: [{ status: status as never }] }
        const run: CallSpec<unknown>['run'] = (api, t) => api.updateInvoice(t, id, body, unitdp)
        return write(
          {
            endpoint: 'invoices',
            method: 'POST',
            path: `/Invoices/${id}`,
            body,
            read: one('Invoices', wire.invoice),
            run,
          },
          o,
        )
      },
      history: (id, o) =>
        get(
          'history',
          `/Invoices/${id}/History`,
          all('HistoryRecords', wire.historyNote),
          (api, t) => api.getInvoiceHistory(t, id),
          o,
        ),
      addHistory: (id, details, o) => {
        const body = { historyRecords: [{ details }] }
        const run: CallSpec<unknown>['run'] = (api, t) => api.createInvoiceHistory(t, id, body, o.idempotencyKey)
        const path = `/Invoices/${id}/History`
        return write(
          { endpoint: 'history', method: 'PUT', path, body, read: one('HistoryRecords', wire.historyNote), run },
          o,
        )
      },
    },
    accounts: {
      list: (o) => get('settings', '/Accounts', all('Accounts', wire.account), (api, t) => api.getAccounts(t), o),
    },
    taxRates: {
      list: (o) => get('settings', '/TaxRates', all('TaxRates', wire.taxRate), (api, t) => api.getTaxRates(t), o),
    },
    organisation: {
      get: (o) =>
        get(
          'settings',
          '/Organisation',
          first('Organisations', wire.organisation),
          (api, t) => api.getOrganisations(t),
          o,
        ),
    },
    tracking: {
      list: (o) =>
        get(
          'settings',
          '/TrackingCategories',
          all('TrackingCategories', wire.trackingCategory),
          (api, t) => api.getTrackingCategories(t),
          o,
        ),
    },
  }
}
