import type { CallOptions, Outcome } from './types.js'
import type {
  HistoryNote,
  XeroAccount,
  XeroContact,
  XeroInvoice,
  XeroItem,
  XeroOrganisation,
  XeroTaxRate,
  XeroTrackingCategory,
} from './wire.js'

type Answer<T> = Promise<Outcome<T>>

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
}

/** A contact to be written. What is left out keeps its value in Xero, "" clears it, a list sent replaces the whole. */
export interface ContactWrite {
  readonly contactID?: string
  readonly name?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly emailAddress?: string
  readonly contactNumber?: string
  readonly accountNumber?: string
  readonly taxNumber?: string
  readonly contactStatus?: 'ACTIVE' | 'ARCHIVED'
  readonly phones?: readonly Partial<XeroContact['phones'][number]>[]
  readonly addresses?: readonly Partial<XeroContact['addresses'][number]>[]
}

/** A sales invoice to be created. Quantities and unit prices are decimal text with at most 4 places; tax amounts are Xero's to compute. */
export interface InvoiceWrite {
  readonly invoiceNumber: string
  readonly reference?: string
  readonly contact: { readonly contactID: string }
  readonly date: string
  readonly dueDate: string
  readonly status: 'DRAFT' | 'SUBMITTED' | 'AUTHORISED'
  readonly currencyCode?: string
  readonly lineAmountTypes?: 'Exclusive' | 'Inclusive' | 'NoTax'
  /** Shown in Xero as "Go to ..."; must not contain "xero". */
  readonly url?: string
  readonly lineItems: readonly LineItemWrite[]
}

export interface LineItemWrite {
  readonly description: string
  readonly quantity: string
  readonly unitAmount: string
  readonly itemCode?: string
  readonly accountCode?: string
  readonly taxType?: string
  readonly tracking?: readonly { readonly name: string; readonly option: string }[]
}

/**
 * The Xero organisation that is connected. No method throws for what Xero or the way to it does: that is the outcome.
 * Batches take at most 50 elements; an element refused doesn't spoil its neighbours (`summarizeErrors=false`).
 */
export interface XeroApi {
  readonly contacts: {
    /** `order`: "UpdatedDateUTC DESC". Newest first, a change while paging repeats a contact on a later page and leaves none out. */
    list(
      query: ListQuery & { readonly searchTerm?: string; readonly order?: string },
      options: CallOptions,
    ): Answer<Page<XeroContact>>
    /** By ContactID or ContactNumber; null where there is none. */
    get(idOrNumber: string, options: CallOptions): Answer<XeroContact | null>
    /** PUT: refuses a name or number that exists. */
    create(contacts: readonly ContactWrite[], options: CallOptions): Answer<readonly ElementResult<XeroContact>[]>
    /** POST: updates by ContactID, else by number or name, else creates. */
    upsert(contacts: readonly ContactWrite[], options: CallOptions): Answer<readonly ElementResult<XeroContact>[]>
  }
  readonly items: {
    /** All of them; Items aren't paged. */
    list(query: { readonly modifiedSince?: string }, options: CallOptions): Answer<readonly XeroItem[]>
  }
  readonly invoices: {
    list(
      query: ListQuery & { readonly numbers?: readonly string[]; readonly statuses?: readonly string[] },
      options: CallOptions,
    ): Answer<Page<XeroInvoice>>
    /** PUT: refuses a number that exists, where POST would overwrite it. */
    create(invoices: readonly InvoiceWrite[], options: CallOptions): Answer<readonly ElementResult<XeroInvoice>[]>
    setStatus(
      invoiceID: string,
      status: 'SUBMITTED' | 'AUTHORISED' | 'VOIDED' | 'DELETED',
      options: CallOptions,
    ): Answer<XeroInvoice>
    history(invoiceID: string, options: CallOptions): Answer<readonly HistoryNote[]>
    /** A repeat makes a second note. At most 2,500 characters. */
    addHistory(invoiceID: string, details: string, options: CallOptions): Answer<HistoryNote>
  }
  readonly accounts: { list(options: CallOptions): Answer<readonly XeroAccount[]> }
  readonly taxRates: { list(options: CallOptions): Answer<readonly XeroTaxRate[]> }
  readonly organisation: { get(options: CallOptions): Answer<XeroOrganisation> }
  readonly tracking: { list(options: CallOptions): Answer<readonly XeroTrackingCategory[]> }
}
