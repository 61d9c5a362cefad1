import { z } from 'zod'
import { sentinelRow } from '../rest/billing.js'
import { dateText, id, instantText } from '../text.js'
import { failureReport } from './common.js'
import { rpc } from './define.js'
import {
  billingSource,
  heldBilling,
  invoiceClaim,
  invoiceOutcome,
  invoiceStates,
  invoiceWork,
  noteToWrite,
  reportedInvoice,
} from './invoice-shapes.js'

const json = z.json()
const none = z.null()
const period = {
  p_from: dateText.nullable(),
  p_to: dateText.nullable(),
  p_bill_from: dateText.nullable(),
  p_zone: z.string(),
}

/** Invoicing's database functions. */
export const invoicingRpcs = {
  sync_billing_candidates: rpc(z.object(period), z.array(id)),
  sync_billing_sources: rpc(
    z.object({ p_ids: z.array(id), ...period, p_prefix: z.string() }),
    z.object({ now: instantText, sources: z.array(billingSource) }),
  ),
  sync_invoice_series_next: rpc(z.object({ p_prefix: z.string(), p_start: z.int() }), z.int()),
  sync_invoice_claim: rpc(z.object({ p_claim: invoiceClaim }), invoiceWork),
  sync_invoices_take: rpc(
    z.object({ p_ids: z.array(id).nullable(), p_command_id: id.nullable(), p_lease_ms: z.int() }),
    z.array(invoiceWork),
  ),
  sync_invoices_sending: rpc(
    z.object({
      p_batch: z.object({
        batchId: id,
        key: z.string().max(128),
        leaseMs: z.int(),
        invoices: z.array(z.object({ id, fence: z.string(), body: z.string() })),
      }),
    }),
    z.array(id),
  ),
  sync_invoices_batch: rpc(z.object({ p_batch_id: id }), z.array(z.object({ id, body: z.string() })).nullable()),
  sync_invoices_settle: rpc(
    z.object({ p_outcomes: z.array(invoiceOutcome) }),
    z.array(z.object({ id, state: invoiceStates })),
  ),
  sync_invoices_of_command: rpc(z.object({ p_command_id: id }), z.array(reportedInvoice)),
  sync_invoices_read: rpc(z.object({ p_ids: z.array(id) }), z.array(invoiceWork)),
  sync_invoices_stale: rpc(z.object({ p_again_ms: z.int(), p_note_again_ms: z.int(), p_limit: z.int() }), z.array(id)),
  sync_billing_held: rpc(z.object({ p_held: z.array(heldBilling) }), none),
  sync_failures_recheck_due: rpc(z.object({ p_again_ms: z.int(), p_limit: z.int() }), z.array(id)),
  sync_failures_rechecked: rpc(
    z.object({
      p_standing: z.array(
        z.object({
          costCenterId: id,
          codes: z.array(z.string()),
          leftOut: z.array(z.object({ id, code: z.string() })),
        }),
      ),
    }),
    z.int(),
  ),
  sync_invoice_waits_ready: rpc(
    z.object({ p_client_id: id.nullable() }),
    z.array(z.object({ id, costCenterId: id, body: z.record(z.string(), json), askedBy: z.string() })),
  ),
  sync_invoice_waits_overdue: rpc(z.object({ p_again_ms: z.int(), p_limit: z.int() }), z.array(id)),
  sync_invoice_waits_drop: rpc(z.object({ p_ids: z.array(id) }), none),
  sync_invoice_note_start: rpc(z.object({ p_id: id, p_lease_ms: z.int() }), noteToWrite.nullable()),
  sync_invoice_note_end: rpc(
    z.object({
      p_id: id,
      p_how: z.enum(['written', 'unsent', 'unsure', 'refused']),
      p_message: z.string().nullable(),
      p_wait_ms: z.int(),
    }),
    none,
  ),
  sync_invoice_take_doubtful: rpc(
    z.object({ p_id: id, p_sent_ms: z.int(), p_lease_ms: z.int() }),
    invoiceWork.nullable(),
  ),
  sync_invoice_void: rpc(
    z.object({ p_id: id, p_xero_status: z.string(), p_by: z.string(), p_said: z.boolean(), p_xero_id: z.string() }),
    z.boolean(),
  ),
  /** @throws AppError `invalid` when neither timesheets nor a day are named */
  sync_timesheets_billed_elsewhere: rpc(
    z.object({
      p_ids: z.array(id).nullable(),
      p_cost_center_id: id.nullable(),
      p_up_to: dateText.nullable(),
      p_elsewhere: z.boolean(),
      p_by: z.string(),
      p_reason: z.string().nullable(),
    }),
    z.int(),
  ),
  sync_sentinel_due: rpc(z.object({}), instantText.nullable()),
  sync_sentinel_found: rpc(z.object({ p_failures: z.array(failureReport), p_command_id: id }), z.int()),
  sync_sentinel_read: rpc(z.object({}), sentinelRow),
  sync_reference_read: rpc(
    z.object({ p_names: z.array(z.string()) }),
    z.record(z.string(), z.object({ value: json, ageMs: z.number() })),
  ),
  sync_reference_write: rpc(z.object({ p_name: z.string(), p_value: json, p_tenant_id: z.string().nullable() }), none),
  /** Which of these documents are ours, by their id or their number. */
  sync_invoices_known: rpc(
    z.object({ p_documents: z.array(z.object({ id: z.string(), number: z.string().nullable() })) }),
    z.array(z.string()),
  ),
} as const
