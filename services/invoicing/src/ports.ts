import type { Reference } from '@afo/billing'
import type { NewMessage, Settings } from '@afo/contracts'
import type { TimeScale } from '@afo/kit'
import type { CallOptions, ElementResult, InvoiceWrite, Outcome, XeroInvoice } from '@afo/xero'
import type { Store } from './adapters/store.js'

/** Xero's side. Reads throw AppErrors; writes answer the outcome, since unknown is one of them. */
export interface Ledger {
  /** @param signal ends before the invoices' lease does */
  create(
    documents: readonly InvoiceWrite[],
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<Outcome<readonly ElementResult<XeroInvoice>[]>>
  /** Every document under these numbers, in whatever status. */
  find(numbers: readonly string[], signal: AbortSignal): Promise<readonly XeroInvoice[]>
  /** These contacts' sales invoices of one day that are neither void nor deleted. */
  ofDay(contactIds: readonly string[], day: string, signal: AbortSignal): Promise<readonly XeroInvoice[]>
  get(xeroInvoiceId: string, signal: AbortSignal): Promise<XeroInvoice | null>
  retire(xeroInvoiceId: string, status: 'VOIDED' | 'DELETED', signal: AbortSignal): Promise<Outcome<XeroInvoice>>
  /** The texts of an invoice's history. */
  notes(xeroInvoiceId: string, signal: AbortSignal): Promise<readonly (string | null)[]>
  addNote(xeroInvoiceId: string, text: string, signal: AbortSignal): Promise<Outcome<unknown>>
}

const minute = 60_000

/** How long nobody else touches what one works on, and how long a call may take at most, waiting for its turn included: always less. */
const leaseOf = (leaseMs: number) => ({ leaseMs, callMs: Math.round(leaseMs * 0.75) })

/** Milliseconds. Xero keeps an Idempotency-Key for 6 minutes, so a repeat goes within 5 and a new key after 6 and a bit. */
export const timesOf = (scale: TimeScale) => ({
  ...leaseOf(scale.ms(2 * minute, 10_000)),
  repeatMs: scale.ms(5 * minute),
  renewMs: scale.ms(6.25 * minute),
  /** Until the next look at an invoice whose number another document has. */
  personMs: scale.ms(60 * minute),
  /** How old what is kept of accounts, tax rates and lock dates may be. */
  referenceMs: scale.ms(15 * minute),
  /** Between two looks at failures whose cause only Xero knows. */
  recheckMs: scale.ms(6 * 60 * minute),
  sweepMs: scale.ms(minute / 2, 500),
  /** Notes wait their turn behind everything else; only after this is one taken for lost. */
  noteAgainMs: scale.ms(60 * minute),
})

export interface Ports {
  readonly store: Store
  readonly ledger: Ledger
  readonly reference: (options: CallOptions) => Promise<Reference>
  /** The same, as it was read within `recheckMs`: for what nobody waits for. */
  readonly recent: (options: CallOptions) => Promise<Reference>
  readonly settings: { read<G extends 'invoicing' | 'sync'>(group: G): Promise<Settings<G>> }
  /** Says now what must not wait for the handler's end. A repeat has the same ids. */
  readonly say: (messages: readonly NewMessage[], cause: { id: string; correlationId: string }) => Promise<void>
  readonly times: ReturnType<typeof timesOf>
  /** Where the console lives, for the link back from Xero; null without one. */
  readonly pageUrl: string | null
  /** For a day that must be known without asking Xero for its own time zone. */
  readonly zone: string
  readonly newId: () => string
  readonly now: () => string
}
