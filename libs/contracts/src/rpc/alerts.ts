import { z } from 'zod'
import { alertDelivery, alertsPage, alertView } from '../rest/alerts.js'
import { alertKind, settingGroups } from '../settings.js'
import { dateText, decimalText, id, instantText } from '../text.js'
import { rpc } from './define.js'

const json = z.json()

/** Something that is wrong now. The same `key` with another `version` is said again. */
export const alertCause = z.object({
  kind: alertKind,
  key: z.string(),
  version: z.string(),
  line: z.object({ code: z.string().nullable(), text: z.string() }),
})
export type AlertCause = z.infer<typeof alertCause>

/** What Postgres doesn't know; null where it couldn't be read. */
const facts = z.object({
  dayMs: z.int(),
  quota: z.array(alertCause).nullable(),
  deadLetters: z.array(alertCause).nullable(),
})
export type AlertFacts = z.infer<typeof facts>

/** Causes of one kind that were not said yet: how many, the weightiest lines. `mark` stands for exactly these. */
export const alertGroup = z.object({
  kind: alertKind,
  count: z.int(),
  money: decimalText.nullable(),
  mark: z.string(),
  lines: z.array(z.object({ code: z.string().nullable(), text: z.string(), money: decimalText.nullable() })),
})
export type AlertGroup = z.infer<typeof alertGroup>

const content = alertView.omit({ deliveries: true, at: true })
export type AlertContent = z.infer<typeof content>

const delivery = z.object({
  id,
  channel: alertDelivery.shape.channel,
  attempts: z.int(),
  alert: content.extend({ at: instantText }),
})
export type DueDelivery = z.infer<typeof delivery>

/** The database functions of alerts, and of retention. */
export const alertRpcs = {
  sync_alerts_unsaid: rpc(
    z.object({ p_facts: facts }),
    z.object({ now: instantText, slot: dateText.nullable(), groups: z.array(alertGroup) }),
  ),
  sync_alerts_say: rpc(
    z.object({
      p_facts: facts,
      p_said: z.array(z.object({ kind: alertKind, mark: z.string() })),
      p_slot: dateText.nullable(),
      p_alert: content
        .extend({ targets: z.array(z.object({ channel: alertDelivery.shape.channel, target: z.string() })) })
        .nullable(),
    }),
    z.boolean(),
  ),
  sync_alerts_take: rpc(z.object({ p_limit: z.int(), p_lease_ms: z.int() }), z.array(delivery)),
  sync_alerts_delivered: rpc(
    z.object({ p_id: id, p_error: z.string().nullable(), p_retry_ms: z.int().nullable() }),
    z.null(),
  ),
  sync_retention_step: rpc(z.object({ p_days: settingGroups.retention, p_limit: z.int() }), z.int()),
  sync_list_alerts: rpc(z.object({ p_query: z.record(z.string(), json) }), alertsPage),
} as const
