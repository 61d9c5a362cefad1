import { z } from 'zod'
import { page } from '../rest/common.js'
import { clientDetail, conflictsPage, matchesPage, planPage, unknownContactsPage } from '../rest/contacts.js'
import { pause } from '../rest/controls.js'
import { costCentreChange, costCentreDetail } from '../rest/cost-centres.js'
import { failureContext, failureRow, failuresPage } from '../rest/failures.js'
import { history } from '../rest/history.js'
import { invoiceCallsAnswer } from '../rest/invoices.js'
import { clientsPage, costCentresPage, invoiceDetail, invoicesPage, itemsPage, timesheetsPage } from '../rest/lists.js'
import { auditPage } from '../rest/operations.js'
import { overviewRow } from '../rest/overview.js'
import { logPage, syncStatus } from '../rest/sync.js'
import { timesheetDetail } from '../rest/timesheets.js'
import { unbilledRows } from '../rest/unbilled.js'
import { verdict } from '../rest/verdict.js'
import { webhookEvent } from '../rest/webhooks.js'
import { id } from '../text.js'
import { commandRow } from './common.js'
import { rpc } from './define.js'

const json = z.json()
const none = z.null()
const asker = { p_asked_by: z.string(), p_key: z.string() }

/** A list's query as its function takes it: limit, cursor, q, sort and filters, parsed by the route before. */
const listOf = <P extends z.ZodType>(answer: P) => rpc(z.object({ p_query: z.record(z.string(), json) }), answer)

/** The gateway's database functions. */
export const gatewayRpcs = {
  sync_idempotency_begin: rpc(
    z.object({ ...asker, p_fingerprint: z.string(), p_lease_ms: z.int(), p_kept_ms: z.int() }),
    z.discriminatedUnion('state', [
      /** Go on; `execution` is the same for every try under this key. */
      z.object({ state: z.literal('go'), execution: id }),
      z.object({ state: z.literal('running') }),
      z.object({ state: z.literal('other') }),
      z.object({ state: z.literal('ended'), status: z.int(), answer: json }),
    ]),
  ),
  sync_idempotency_end: rpc(z.object({ ...asker, p_execution: id, p_status: z.int(), p_answer: json }), none),
  sync_idempotency_release: rpc(z.object({ ...asker, p_execution: id }), none),

  sync_command_read: rpc(z.object({ p_id: id }), commandRow),
  sync_command_cancel: rpc(z.object({ p_id: id }), commandRow),
  sync_cost_centre_known: rpc(z.object({ p_id: id }), z.boolean()),
  sync_status: rpc(
    z.object({}),
    syncStatus.omit({ errors: true, paused: true }).extend({ errors: z.array(failureRow) }),
  ),
  sync_failures_dismiss: rpc(z.object({ p_ids: z.array(id), p_by: z.string(), p_reason: z.string() }), z.int()),
  sync_failures_read: rpc(z.object({ p_ids: z.array(id) }), z.array(failureContext)),
  sync_failures_verdict: rpc(
    z.object({
      p_entity: failureRow.shape.entity,
      p_verdicts: z.array(z.object({ entityId: z.string(), verdict })),
    }),
    none,
  ),
  sync_invoices_hurry: rpc(z.object({ p_ids: z.array(id), p_longer_than_ms: z.int() }), z.int()),
  sync_invoice_history: rpc(z.object({ p_id: id }), history),
  sync_client_history: rpc(z.object({ p_id: id }), history),
  sync_log_command: rpc(z.object({ p_id: z.int() }), z.object({ name: z.string(), body: json })),
  sync_overview: rpc(z.object({ p_zone: z.string() }), overviewRow),
  sync_pauses_list: rpc(z.object({}), z.array(pause)),
  sync_pause: rpc(
    z.object({ p_services: z.array(z.string()), p_by: z.string(), p_reason: z.string().nullable() }),
    z.array(pause),
  ),
  sync_resume: rpc(z.object({ p_services: z.array(z.string()) }), z.array(pause)),
  sync_invoice_detail: rpc(z.object({ p_id: id }), invoiceDetail),
  sync_client_detail: rpc(z.object({ p_id: id }), clientDetail.extend({ failures: z.array(failureRow) })),
  sync_invoice_calls: rpc(z.object({ p_id: id }), invoiceCallsAnswer),
  sync_timesheet_detail: rpc(z.object({ p_id: id }), timesheetDetail),
  sync_cost_centre_detail: rpc(z.object({ p_id: id, p_zone: z.string() }), costCentreDetail),
  sync_cost_centre_change: rpc(z.object({ p_id: id, p_change: costCentreChange }), none),
  sync_selected_tenant: rpc(z.object({}), z.string().nullable()),
  /** Those of the selected organisation that were not seen yet. */
  sync_webhook_new: rpc(z.object({ p_events: z.array(webhookEvent) }), z.array(webhookEvent)),
  sync_webhook_seen: rpc(z.object({ p_events: z.array(webhookEvent) }), none),

  sync_list_commands: listOf(page(commandRow)),
  sync_list_log: listOf(logPage),
  sync_list_failures: listOf(failuresPage.extend({ items: z.array(failureRow) })),
  sync_list_audit: listOf(auditPage),
  sync_list_clients: listOf(clientsPage),
  sync_list_matches: listOf(matchesPage),
  sync_list_conflicts: listOf(conflictsPage),
  sync_list_contact_plan: listOf(planPage),
  sync_list_unknown_contacts: listOf(unknownContactsPage),
  sync_list_items: listOf(itemsPage),
  sync_list_timesheets: listOf(timesheetsPage),
  sync_list_cost_centres: listOf(costCentresPage),
  sync_list_invoices: listOf(invoicesPage),
  sync_list_unbilled: listOf(unbilledRows),
} as const
