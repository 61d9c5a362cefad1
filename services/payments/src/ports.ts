import type { NewMessage, PaidDocument, Settings, UnsaidChange } from '@afo/contracts'
import type { Priority, XeroInvoice } from '@afo/xero'

export interface Page {
  readonly items: readonly XeroInvoice[]
  readonly more: boolean
}

/** Our side: each method is one transaction. */
export interface Store {
  /** The time, how many invoices may still change, and when the oldest of them was sent. */
  open(): Promise<{ now: string; open: number; oldest: string | null }>
  ids(all: boolean, after: string | null, limit: number): Promise<readonly string[]>
  ours(xeroInvoiceIds: readonly string[]): Promise<readonly string[]>
  /** Answers how many rows changed. */
  apply(documents: readonly PaidDocument[]): Promise<number>
  missing(xeroInvoiceIds: readonly string[]): Promise<void>
  age(today: string): Promise<number>
  unsaid(): Promise<readonly UnsaidChange[]>
  said(changes: readonly UnsaidChange[]): Promise<void>
  changedSince(): Promise<string | null>
  setChangedSince(instant: string): Promise<void>
}

/** Sales invoices in Xero. @throws AppError of what Xero or the way to it did */
export interface Ledger {
  byIds(ids: readonly string[], priority: Priority, signal: AbortSignal): Promise<readonly XeroInvoice[]>
  changed(since: string, page: number, signal: AbortSignal): Promise<Page>
}

export interface Ports {
  readonly store: Store
  readonly ledger: Ledger
  /** The organisation's time zone, IANA. */
  readonly timeZone: (signal: AbortSignal) => Promise<string>
  readonly settings: { read(group: 'sync'): Promise<Settings<'sync'>> }
  readonly say: (messages: readonly NewMessage[], cause: { id: string; correlationId: string }) => Promise<void>
}
