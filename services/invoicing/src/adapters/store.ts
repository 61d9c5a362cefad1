import type { FailureReport, HeldBilling, InvoiceClaim, InvoiceOutcome, InvoiceWork, Rpcs } from '@afo/contracts'
import type { Db } from '@afo/db'
import { AppError } from '@afo/kit'
import type { XeroInvoice } from '@afo/xero'
import type { z } from 'zod'

/** Which work is asked for: days inclusive, and the zone that the day of the first connection is reckoned in. */
export interface Period {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly billFrom: string | null
  readonly timeZone: string
}

const periodArgs = ({ from, to, billFrom, timeZone }: Period) => ({
  p_from: from ?? null,
  p_to: to ?? null,
  p_bill_from: billFrom,
  p_zone: timeZone,
})

export type Store = ReturnType<typeof createStore>

/** Invoicing's part of the database: each method is one transaction. */
export const createStore = (db: Db) => ({
  /** Cost centres that have approved, unbilled hours. */
  candidates: (period: Period) => db.rpc('sync_billing_candidates', periodArgs(period)),
  sources: (ids: readonly string[], period: Period, prefix: string) =>
    db.rpc('sync_billing_sources', { p_ids: [...ids], ...periodArgs(period), p_prefix: prefix }),
  nextNumber: (prefix: string, start: number) =>
    db.rpc('sync_invoice_series_next', { p_prefix: prefix, p_start: start }),
  /** `changed`: the timesheets are no longer as planned. `unbalanced`: the lines don't add up to them, by the database's own arithmetic. */
  claim: async (claim: InvoiceClaim): Promise<InvoiceWork | 'changed' | 'unbalanced'> => {
    try {
      return await db.rpc('sync_invoice_claim', { p_claim: claim })
    } catch (thrown) {
      if (thrown instanceof AppError && (thrown.code === 'changed' || thrown.code === 'unbalanced')) return thrown.code
      throw thrown
    }
  },
  held: (held: readonly HeldBilling[]) => db.rpc('sync_billing_held', { p_held: [...held] }),
  /** Cost centres whose failures may be over: something changed, or nobody looked for so long. */
  recheckDue: (againMs: number) => db.rpc('sync_failures_recheck_due', { p_again_ms: againMs, p_limit: 500 }),
  /** Closes what no longer stands. */
  rechecked: (standing: z.input<Rpcs['sync_failures_rechecked']['args']>['p_standing']) =>
    db.rpc('sync_failures_rechecked', { p_standing: standing }),
  read: (ids: readonly string[]) => db.rpc('sync_invoices_read', { p_ids: [...ids] }),
  /** Those of the ids that nobody is at, each with a new fence. */
  takeAbandoned: (ids: readonly string[], leaseMs: number) =>
    db.rpc('sync_invoices_take', { p_ids: [...ids], p_command_id: null, p_lease_ms: leaseMs }),
  /** One in doubt whose last request is older than that, with a new fence; null where it isn't so. */
  takeDoubtful: (id: string, sentMs: number, leaseMs: number) =>
    db.rpc('sync_invoice_take_doubtful', { p_id: id, p_sent_ms: sentMs, p_lease_ms: leaseMs }),
  /** Those that this command left unfinished, each with a new fence. */
  takeOwn: (commandId: string, leaseMs: number) =>
    db.rpc('sync_invoices_take', { p_ids: null, p_command_id: commandId, p_lease_ms: leaseMs }),
  /** Committed before the call. Answers the ids that may go, in order. */
  sending: (batch: {
    batchId: string
    key: string
    leaseMs: number
    invoices: { id: string; fence: string; body: string }[]
  }) => db.rpc('sync_invoices_sending', { p_batch: batch }),
  /** A batch as it was sent; null where it can't be repeated to the byte. */
  batch: (batchId: string) => db.rpc('sync_invoices_batch', { p_batch_id: batchId }),
  /** Answers the ids that were changed: the others belong to somebody else by now. */
  settle: async (outcomes: readonly InvoiceOutcome[]): Promise<readonly string[]> =>
    outcomes.length === 0
      ? []
      : (await db.rpc('sync_invoices_settle', { p_outcomes: [...outcomes] })).map(({ id }) => id),
  ofCommand: (commandId: string) => db.rpc('sync_invoices_of_command', { p_command_id: commandId }),
  /** What a crash left behind, each named once per `againMs`; a note that isn't written, once per `noteAgainMs`. */
  stale: ({ againMs, noteAgainMs }: { againMs: number; noteAgainMs: number }) =>
    db.rpc('sync_invoices_stale', { p_again_ms: againMs, p_note_again_ms: noteAgainMs, p_limit: 500 }),
  /** What waited for this client's contact (null: for any) and needn't any more. */
  waitsReady: (clientId: string | null) => db.rpc('sync_invoice_waits_ready', { p_client_id: clientId }),
  /** Clients to ask contact-sync for once more, each once per `againMs`. */
  waitsOverdue: (againMs: number) => db.rpc('sync_invoice_waits_overdue', { p_again_ms: againMs, p_limit: 500 }),
  dropWait: (id: string) => db.rpc('sync_invoice_waits_drop', { p_ids: [id] }),
  /** When something that invoices depend on changed in Xero without being checked yet; null: nothing did. */
  sentinelDue: () => db.rpc('sync_sentinel_due', {}),
  sentinel: () => db.rpc('sync_sentinel_read', {}),
  /** What would fail now, of everything that is ready; what isn't named any more is closed. Answers how many were. */
  sentinelFound: (found: readonly FailureReport[], commandId: string) =>
    db.rpc('sync_sentinel_found', { p_failures: [...found], p_command_id: commandId }),
  startNote: (id: string, leaseMs: number) => db.rpc('sync_invoice_note_start', { p_id: id, p_lease_ms: leaseMs }),
  /** @param waitMs until the next try of one that is `unsure` */
  endNote: (
    id: string,
    how: 'written' | 'unsent' | 'unsure' | 'refused',
    { message = null as string | null, waitMs = 0 } = {},
  ) => db.rpc('sync_invoice_note_end', { p_id: id, p_how: how, p_message: message, p_wait_ms: waitMs }),
  /** Whether it was: not where it is over already, or isn't this document any more. */
  void: (id: string, { xeroId, xeroStatus, by }: { xeroId: string; xeroStatus: string; by: string }) =>
    db.rpc('sync_invoice_void', { p_id: id, p_xero_status: xeroStatus, p_by: by, p_said: true, p_xero_id: xeroId }),
  /** The organisation in use. */
  tenant: () => db.rpc('sync_selected_tenant', {}),
  /** Which of these documents in Xero are ours, by their id or their number. */
  known: (documents: readonly XeroInvoice[]) =>
    db.rpc('sync_invoices_known', {
      p_documents: documents.map(({ invoiceID, invoiceNumber }) => ({ id: invoiceID, number: invoiceNumber })),
    }),
})
