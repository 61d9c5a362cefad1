import { z } from 'zod'
import { alertKind, settingGroups } from '../settings.js'
import { id, instantText } from '../text.js'
import { listQuery, page, secretText } from './common.js'
import { endpoint } from './endpoint.js'

/** One way to a person, and how it went. */
export const alertDelivery = z.object({
  channel: z.enum(['email', 'webhook']),
  target: z.string(),
  state: z.enum(['waiting', 'sent', 'failed']),
  attempts: z.int(),
  /** Why the last try failed. */
  error: z.string().nullable(),
  sentAt: instantText.nullable(),
  /** When it is tried again. */
  nextAt: instantText.nullable(),
})

/** What was said, to whom, when, and how it went. */
export const alertView = z
  .object({
    id,
    at: instantText,
    kinds: z.array(alertKind),
    /** How many things it speaks of. */
    causes: z.int(),
    subject: z.string(),
    text: z.string(),
    test: z.boolean(),
    deliveries: z.array(alertDelivery),
  })
  .meta({ id: 'Alert' })
export const alertsQuery = listQuery(['at'], { kind: alertKind.optional() })
export const alertsPage = page(alertView)

const secret = secretText.nullable().optional()
const url = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .meta({ format: 'password', writeOnly: true, examples: ['https://hooks.example.com/services/T0001'] })
  .nullable()
  .optional()

/** Who is told what, when and how. The three secrets go in and never come out: left out, they stay; null removes them. */
export const alertSettingsBody = settingGroups.alerts.extend({
  smtpPassword: secret,
  webhookUrl: url.describe('https; its path is the secret of a Slack webhook'),
  webhookSecret: secret.describe(
    'Signs the body: X-AFO-Signature is sha256=HMAC-SHA-256 of "timestamp.body" in hexadecimal',
  ),
})
export const alertSettingsView = settingGroups.alerts
  .extend({ saved: z.object({ smtpPassword: z.boolean(), webhookUrl: z.boolean(), webhookSecret: z.boolean() }) })
  .meta({ id: 'AlertSettings' })

export const alertEndpoints = {
  listAlerts: endpoint({
    method: 'get',
    path: '/admin/alerts',
    summary: 'What was said, to whom, when, and how it went',
    tag: 'Alerts',
    access: 'reader',
    query: alertsQuery,
    answers: { 200: alertsPage },
  }),
  testAlert: endpoint({
    method: 'post',
    path: '/admin/alerts/test',
    summary: 'Say something on every way that is set, now; the answer tells how it went',
    tag: 'Alerts',
    access: 'admin',
    commanding: true,
    audit: 'alerts.test',
    answers: { 200: alertView },
  }),
  readAlertSettings: endpoint({
    method: 'get',
    path: '/admin/settings/alerts',
    summary: 'Who is told what, when and how',
    tag: 'Settings',
    access: 'reader',
    answers: { 200: alertSettingsView },
  }),
  writeAlertSettings: endpoint({
    method: 'put',
    path: '/admin/settings/alerts',
    summary:
      'Choose who is told what, when and how. What is left out gets its default; a secret that is left out stays',
    tag: 'Settings',
    access: 'admin',
    commanding: true,
    audit: 'settings.alerts',
    body: alertSettingsBody,
    answers: { 200: alertSettingsView },
  }),
} as const
