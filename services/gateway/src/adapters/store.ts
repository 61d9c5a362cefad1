import type { FailureRow, RpcName, Rpcs, ServiceName, Verdict, WebhookEvent } from '@afo/contracts'
import type { Db } from '@afo/db'
import { createDoorStore } from '@afo/door'
import type { z } from 'zod'

export type ListName = Extract<RpcName, `sync_list_${string}`>
type Change = z.input<Rpcs['sync_cost_centre_change']['args']>['p_change']
type Mark = z.input<Rpcs['sync_timesheets_billed_elsewhere']['args']>

/** The gateway's rows, by the functions that read and change them. Each is one transaction; what each may throw stands in `Db.rpc`. */
export const createStore = (db: Db) => ({
  ...createDoorStore(db),
  /** One page of a list: limit, cursor, q, sort and filters as its endpoint parsed them. */
  list: <N extends ListName>(name: N, query: Readonly<Record<string, unknown>>) =>
    db.rpc(name, { p_query: query } as never),
  command: (id: string) => db.rpc('sync_command_read', { p_id: id }),
  cancelCommand: (id: string) => db.rpc('sync_command_cancel', { p_id: id }),
  knowsCostCentre: (id: string) => db.rpc('sync_cost_centre_known', { p_id: id }),
  invoice: (id: string) => db.rpc('sync_invoice_detail', { p_id: id }),
  client: (id: string) => db.rpc('sync_client_detail', { p_id: id }),
  /** Null: it is none of Xero's contacts. */
  answerMatch: (clientId: string, contactId: string | null, by: string) =>
    db.rpc('sync_match_answer', { p_client_id: clientId, p_contact_id: contactId, p_by: by }),
  resolveConflicts: (ids: readonly string[], choice: 'ours' | 'xero', by: string) =>
    db.rpc('sync_conflicts_resolve', { p_ids: [...ids], p_choice: choice, p_by: by }),
  undoConflicts: (ids: readonly string[], by: string) => db.rpc('sync_conflicts_undo', { p_ids: [...ids], p_by: by }),
  /** The client that was made of it, if any. */
  answerUnknownContact: (contactId: string, answer: 'ignore' | 'create') =>
    db.rpc('sync_unknown_contact_answer', { p_contact_id: contactId, p_answer: answer }),
  invoiceCalls: (id: string) => db.rpc('sync_invoice_calls', { p_id: id }),
  timesheet: (id: string) => db.rpc('sync_timesheet_detail', { p_id: id }),
  costCentre: (id: string, timeZone: string) => db.rpc('sync_cost_centre_detail', { p_id: id, p_zone: timeZone }),
  changeCostCentre: (id: string, change: Change) => db.rpc('sync_cost_centre_change', { p_id: id, p_change: change }),
  /** Answers how many timesheets changed. */
  markElsewhere: (mark: Mark) => db.rpc('sync_timesheets_billed_elsewhere', mark),
  status: () => db.rpc('sync_status', {}),
  invoiceHistory: (id: string) => db.rpc('sync_invoice_history', { p_id: id }),
  clientHistory: (id: string) => db.rpc('sync_client_history', { p_id: id }),
  overview: (timeZone: string) => db.rpc('sync_overview', { p_zone: timeZone }),
  pauses: () => db.rpc('sync_pauses_list', {}),
  pause: (services: readonly ServiceName[], by: string, reason: string | null) =>
    db.rpc('sync_pause', { p_services: [...services], p_by: by, p_reason: reason }),
  resume: (services: readonly ServiceName[]) => db.rpc('sync_resume', { p_services: [...services] }),
  /** What a line of the log was asked for with. */
  commandOfRun: (id: string) => db.rpc('sync_log_command', { p_id: Number(id) }),
  failures: (ids: readonly string[]) => db.rpc('sync_failures_read', { p_ids: [...ids] }),
  keepVerdicts: (entity: FailureRow['entity'], verdicts: readonly { entityId: string; verdict: Verdict }[]) =>
    db.rpc('sync_failures_verdict', { p_entity: entity, p_verdicts: [...verdicts] }),
  /** Ends the pauses of invoices in doubt that last longer than anybody may work on one. */
  hurryInvoices: (ids: readonly string[], longerThanMs: number) =>
    db.rpc('sync_invoices_hurry', { p_ids: [...ids], p_longer_than_ms: longerThanMs }),
  dismissFailures: (ids: readonly string[], by: string, reason: string) =>
    db.rpc('sync_failures_dismiss', { p_ids: [...ids], p_by: by, p_reason: reason }),
  writeSetting: (key: string, value: unknown) =>
    db.rpc('sync_settings_write', { p_settings: [{ key, value: JSON.stringify(value) }] }),
  selectedTenant: () => db.rpc('sync_selected_tenant', {}),
  /** Those of the selected organisation that were not seen yet. */
  newWebhookEvents: (events: readonly WebhookEvent[]) => db.rpc('sync_webhook_new', { p_events: [...events] }),
  rememberWebhookEvents: (events: readonly WebhookEvent[]) => db.rpc('sync_webhook_seen', { p_events: [...events] }),
})

export type Store = ReturnType<typeof createStore>
