import { z } from 'zod'
import { failureCodes } from '../failures/catalogue.js'
import { decimalText, id, instantText } from '../text.js'
import { rpc } from './define.js'

const json = z.json()
const none = z.null()

/** How far a job is, as its row keeps it; `counts` is for whoever goes on after a crash. */
const keptProgress = z.object({ done: z.number(), counts: z.record(z.string(), z.number()).optional() })

/** A row of `commands`: what was asked for, how far it is, how it ended. */
export const commandRow = z.object({
  id,
  name: z.string(),
  body: json,
  askedBy: z.string(),
  triggeredBy: z.enum(['manual', 'scheduled']),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  progress: z.object({ done: z.number(), total: z.number().nullable(), note: z.string().optional() }).nullable(),
  result: z.record(z.string(), json).nullable(),
  problem: z.record(z.string(), json).nullable(),
  createdAt: instantText,
  startedAt: instantText.nullable(),
  finishedAt: instantText.nullable(),
  cancelRequested: z.boolean(),
})
export type CommandRow = z.infer<typeof commandRow>

/** One thing that can't go on, as the failed inbox keeps it. `code` is a row of the failure catalogue. */
export const failureReport = z.object({
  entity: z.enum(['client', 'contact', 'item', 'invoice', 'cost-centre', 'timesheet', 'connection', 'command']),
  entityId: z.string(),
  code: z.enum(failureCodes),
  /** The other side's own words, or ours where nobody else spoke. */
  message: z.string(),
  details: z.record(z.string(), json).optional(),
  clientId: id.nullable().optional(),
  money: decimalText.nullable().optional(),
  commandId: id.nullable().optional(),
})
export type FailureReport = z.infer<typeof failureReport>

export const commonRpcs = {
  sync_ping: rpc(z.object({}), z.literal(true)),

  sync_command_accept: rpc(
    z.object({
      p_id: id,
      p_name: z.string(),
      p_body: json,
      p_asked_by: z.string(),
      p_triggered_by: z.enum(['manual', 'scheduled']),
    }),
    commandRow.nullable(),
  ),
  sync_command_published: rpc(z.object({ p_id: id }), none),
  sync_commands_republish: rpc(
    z.object({
      p_epoch: z.string(),
      p_queued_ms: z.int(),
      p_running_ms: z.int(),
      p_most_ms: z.int(),
      p_limit: z.int(),
    }),
    z.array(commandRow),
  ),
  sync_command_start: rpc(
    z.object({
      p_id: id,
      p_name: z.string(),
      p_body: json,
      p_owner: z.string(),
      p_triggered_by: z.enum(['manual', 'scheduled']),
      p_beat_ms: z.int(),
    }),
    z.object({
      go: z.boolean(),
      why: z.enum(['started', 'ended', 'busy']),
      state: z.string(),
      progress: keptProgress.nullish(),
    }),
  ),
  sync_command_beat: rpc(z.object({ p_id: id, p_owner: z.string(), p_progress: json }), z.boolean().nullable()),
  sync_command_release: rpc(z.object({ p_id: id, p_owner: z.string(), p_problem: json }), none),
  sync_command_finish: rpc(
    z.object({
      p_id: id,
      p_state: z.enum(['done', 'failed', 'cancelled']),
      p_result: json,
      p_problem: json,
      p_owner: z.string().optional(),
    }),
    z.boolean(),
  ),
  sync_command_bury: rpc(z.object({ p_id: id, p_problem: json, p_beat_ms: z.int() }), z.boolean()),

  sync_schedule_take: rpc(
    z.object({
      p_name: z.string(),
      p_tick: instantText,
      p_next: instantText,
      p_command_id: id,
      p_command: z.string(),
      p_body: json,
    }),
    commandRow.nullable(),
  ),

  sync_settings_read: rpc(
    z.object({ p_keys: z.array(z.string()) }),
    z.record(z.string(), z.object({ value: z.string().nullable(), encrypted: z.boolean() })),
  ),
  sync_settings_write: rpc(
    z.object({
      p_settings: z.array(
        z.object({ key: z.string(), value: z.string().nullable(), encrypted: z.boolean().optional() }),
      ),
    }),
    none,
  ),

  sync_is_paused: rpc(z.object({ p_service: z.string() }), z.boolean()),

  sync_failures_record: rpc(z.object({ p_failures: z.array(failureReport) }), none),
  sync_failures_resolve: rpc(
    z.object({
      p_entity: failureReport.shape.entity,
      p_entity_ids: z.array(z.string()),
      p_codes: z.array(z.string()).optional(),
    }),
    z.int(),
  ),

  sync_cursor_read: rpc(z.object({ p_name: z.string() }), json.nullable()),
  sync_cursor_write: rpc(z.object({ p_name: z.string(), p_value: json }), none),

  sync_calls_record: rpc(z.object({ p_calls: z.array(z.record(z.string(), json)) }), none),
  sync_audit: rpc(
    z.object({
      p_entry: z.object({
        actor: z.string(),
        action: z.string(),
        target: z.string().nullable(),
        address: z.string().nullable(),
        requestId: z.string().nullable(),
        details: z.record(z.string(), json).optional(),
      }),
    }),
    none,
  ),
} as const
