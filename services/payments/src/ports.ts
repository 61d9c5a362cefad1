import type {
  ContactFacts,
  Difference,
  InvoiceFacts,
  ItemFacts,
  NewMessage,
  PaidDocument,
  ReportPart,
  ReportView,
  Settings,
  UnsaidChange,
  UnseenRow,
} from '@afo/contracts'
import type { Priority, XeroContact, XeroInvoice, XeroItem } from '@afo/xero'

export interface Page {
  readonly items: readonly XeroInvoice[]
  readonly more: boolean
  /** By Xero's own clock, which ours may differ from. */
  readonly at: string | null
}

/** Our side: each method is one transaction. */
export interface Store {
  /** The time, how many invoices may still change, when the oldest of them was sent, and which organisation is in use. */
  open(): Promise<{ now: string; open: number; oldest: string | null; tenantId: string | null }>
  ids(all: boolean, after: string | null, limit: number): Promise<readonly string[]>
  ours(xeroInvoiceIds: readonly string[]): Promise<readonly string[]>
  /** Answers how many rows changed. */
  apply(documents: readonly PaidDocument[]): Promise<number>
  missing(xeroInvoiceIds: readonly string[]): Promise<void>
  age(today: string): Promise<number>
  unsaid(): Promise<readonly UnsaidChange[]>
  said(changes: readonly UnsaidChange[]): Promise<void>
  changedSince(): Promise<string | null>
  /** Kept only while that organisation is in use. */
  setChangedSince(instant: string, tenantId: string | null): Promise<void>
}

/** Sales invoices in Xero. @throws AppError of what Xero or the way to it did */
export interface Ledger {
  byIds(ids: readonly string[], priority: Priority, signal: AbortSignal): Promise<Omit<Page, 'more'>>
  changed(since: string, page: number, signal: AbortSignal): Promise<Page>
}

export interface BookPage<T> {
  readonly items: readonly T[]
  readonly pageCount: number
}

/** Xero's lists as they stand, for comparing. @throws AppError of what Xero or the way to it did */
export interface Books {
  contacts(page: number, signal: AbortSignal): Promise<BookPage<XeroContact>>
  contactsByIds(ids: readonly string[], signal: AbortSignal): Promise<BookPage<XeroContact>>
  items(signal: AbortSignal): Promise<readonly XeroItem[]>
  invoices(page: number, signal: AbortSignal): Promise<BookPage<XeroInvoice>>
  invoicesByIds(ids: readonly string[], signal: AbortSignal): Promise<BookPage<XeroInvoice>>
}

type Numbered = readonly { readonly id: string; readonly number: string | null }[]

/** What a page of Xero's came to, and which is next; page 0: all of this part are read. */
export interface KeptPage {
  readonly next: { readonly part: ReportPart; readonly page: number }
  readonly calls: number
  readonly read: number
  readonly seen: readonly string[]
  readonly differences: readonly Difference[]
}

/** Reports, and our side of what Xero showed. Each method is one transaction. */
export interface Reports {
  /** Begins a report or answers where it stands. */
  begin(id: string): Promise<{ part: ReportPart; page: number; calls: number; finished: boolean }>
  contacts(contacts: Numbered): Promise<readonly ContactFacts[]>
  items(ids: readonly string[]): Promise<readonly ItemFacts[]>
  invoices(documents: Numbered): Promise<readonly InvoiceFacts[]>
  keep(id: string, page: KeptPage): Promise<void>
  /** What Xero should have and no page of the part has shown. */
  unseen(id: string, limit: number): Promise<readonly UnseenRow[]>
  finish(id: string): Promise<ReportView>
}

export interface Ports {
  readonly store: Store
  readonly ledger: Ledger
  readonly books: Books
  readonly reports: Reports
  /** The organisation's time zone, IANA. */
  readonly timeZone: (signal: AbortSignal) => Promise<string>
  readonly settings: { read(group: 'sync'): Promise<Settings<'sync'>> }
  readonly say: (messages: readonly NewMessage[], cause: { id: string; correlationId: string }) => Promise<void>
}
