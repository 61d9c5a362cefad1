import type {
  BillingSource,
  HeldBilling,
  InvoiceClaim,
  InvoiceOutcome,
  InvoiceWork,
  NewMessage,
  ReportedInvoice,
  Settings,
} from '@afo/contracts'
import type { CallOptions, ElementResult, InvoiceWrite, Outcome, XeroInvoice } from '@afo/xero'
import type { Reference } from './core/reference.js'

/** Which work is asked for: days inclusive, and the zone that the day of the first connection is reckoned in. */
export interface Period {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly billFrom: string | null
  readonly timeZone: string
}

/** Our side: each method is one transaction. */
export interface Store {
  candidates(period: Period): Promise<readonly string[]>
  sources(
    costCenterIds: readonly string[],
    period: Period,
    prefix: string,
  ): Promise<{ now: string; sources: readonly BillingSource[] }>
  nextNumber(prefix: string, start: number): Promise<number>
  /** Null when the timesheets are no longer as planned. @throws AppError `rejected` for an invoice that doesn't add up */
  claim(claim: InvoiceClaim): Promise<InvoiceWork | null>
  held(held: readonly HeldBilling[]): Promise<void>
  read(ids: readonly string[]): Promise<readonly InvoiceWork[]>
  takeAbandoned(ids: readonly string[], leaseMs: number): Promise<readonly InvoiceWork[]>
  takeOwn(commandId: string, leaseMs: number): Promise<readonly InvoiceWork[]>
  /** Committed before the call. Answers the ids that may go, in order. */
  sending(batch: SentBatch & { readonly leaseMs: number }): Promise<readonly string[]>
  /** A batch as it was sent; null where it can't be repeated to the byte. */
  batch(batchId: string): Promise<readonly { readonly id: string; readonly body: string }[] | null>
  /** Answers the ids that were changed: the others belong to somebody else by now. */
  settle(outcomes: readonly InvoiceOutcome[]): Promise<readonly string[]>
  ofCommand(commandId: string): Promise<readonly ReportedInvoice[]>
  stale(againMs: number): Promise<readonly string[]>
  waitsReady(clientId: string | null): Promise<readonly Wait[]>
  dropWaits(ids: readonly string[]): Promise<void>
  startNote(
    id: string,
    leaseMs: number,
  ): Promise<null | { busy: true } | { busy: false; xeroInvoiceId: string; text: string; tried: boolean }>
  endNote(id: string, how: 'written' | 'unsent' | 'unsure' | 'refused', message?: string): Promise<void>
  void(id: string, xeroStatus: string, by: string): Promise<boolean>
}

export interface SentBatch {
  readonly batchId: string
  readonly key: string
  readonly invoices: readonly { readonly id: string; readonly fence: string; readonly body: string }[]
}

export interface Wait {
  readonly id: string
  readonly costCenterId: string
  readonly body: Readonly<Record<string, unknown>>
  readonly askedBy: string
}

/** Xero's side. Lists and single reads throw AppErrors; writes answer the outcome, since unknown is one of them. */
export interface Ledger {
  create(
    documents: readonly InvoiceWrite[],
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<Outcome<readonly ElementResult<XeroInvoice>[]>>
  /** Every document under these numbers, in whatever status. */
  find(numbers: readonly string[], signal: AbortSignal): Promise<readonly XeroInvoice[]>
  get(xeroInvoiceId: string, signal: AbortSignal): Promise<XeroInvoice | null>
  retire(xeroInvoiceId: string, status: 'VOIDED' | 'DELETED', signal: AbortSignal): Promise<Outcome<XeroInvoice>>
  /** The texts of an invoice's history. */
  notes(xeroInvoiceId: string, signal: AbortSignal): Promise<readonly (string | null)[]>
  addNote(xeroInvoiceId: string, text: string, signal: AbortSignal): Promise<Outcome<unknown>>
}

/** Milliseconds. */
export interface Times {
  /** How long nobody else touches what one works on: longer than a call may take. */
  readonly leaseMs: number
  /** So long after sending, the same key makes a repeat safe (Xero keeps it for 6 minutes). */
  readonly repeatMs: number
  /** So long after sending, what Xero doesn't have was never made: a new key may be used. */
  readonly renewMs: number
  /** Until the next look at an invoice whose number another document has. */
  readonly personMs: number
}

export interface Ports {
  readonly store: Store
  readonly ledger: Ledger
  readonly reference: (options: Pick<CallOptions, 'priority' | 'signal'>) => Promise<Reference>
  readonly settings: { read<G extends 'invoicing' | 'sync'>(group: G): Promise<Settings<G>> }
  /** Says now what must not wait for the handler's end. A repeat has the same ids. */
  readonly say: (messages: readonly NewMessage[], cause: { id: string; correlationId: string }) => Promise<void>
  readonly times: Times
  /** Where the console lives, for the link back from Xero; null without one. */
  readonly pageUrl: string | null
  readonly newId: () => string
  readonly now: () => string
}
