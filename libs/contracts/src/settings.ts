import { z } from 'zod'
import { dateText, invoiceStatusChoice } from './text.js'

const ownerRule = z.enum(['ours', 'xero', 'newest', 'ask'])

/** The fields of a contact that are kept in step; also the names of the columns of `clients`. */
export const syncedFields = [
  'name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'mobile',
  'street',
  'city',
  'region',
  'postal_code',
  'country',
  'mailing_street',
  'mailing_city',
  'mailing_region',
  'mailing_postal_code',
  'mailing_country',
  'tax_number',
  'account_number',
  'archived',
] as const
export type SyncedField = (typeof syncedFields)[number]

/** What an alert can be about. */
export const alertKind = z.enum([
  'disconnected',
  'lapsing',
  'refused',
  'failures',
  'quota',
  'deadLetters',
  'differences',
])
export type AlertKind = z.infer<typeof alertKind>
/** At once, once a day, or not at all. */
const alertWhen = z.enum(['now', 'digest', 'off'])
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day like 08:00')

/** What the admin may choose, by group. Each group is one row of `app_settings`, JSON; what is absent has its default. */
export const settingGroups = {
  sync: z.strictObject({
    contactsToXero: z.boolean().default(true),
    contactsFromXero: z.boolean().default(true),
    items: z.boolean().default(true),
    invoices: z.boolean().default(true),
    payments: z.boolean().default(true),
    /** What to do with a Xero contact that no client matches. */
    unknownContacts: z.enum(['ignore', 'create', 'ask']).default('ignore'),
    archiveInXero: z.boolean().default(false),
    /** Once a week all contacts are read anew, for what Xero's lists of changes leave out. */
    weeklyReconcile: z.boolean().default(true),
    /** Who wins where both sides changed one field differently. */
    owners: z.partialRecord(z.enum(syncedFields), ownerRule).default({}),
  }),
  invoicing: z.strictObject({
    status: invoiceStatusChoice.default('DRAFT'),
    groupBy: z.enum(['activity', 'worker', 'day', 'timesheet']).default('activity'),
    /** {activity} {worker} {date} {from} {to} {project} {costCentre} are filled in. */
    lineDescription: z.string().min(1).max(500).default('{activity}'),
    /** Used where the activity's item has none. Chosen by the admin from Xero's own list, never assumed. */
    defaultAccountCode: z.string().min(1).max(10).nullable().default(null),
    defaultTaxType: z.string().min(1).max(50).nullable().default(null),
    /** Letters, digits, dot, dash, slash, underscore: a comma would split the number in Xero's filter, by which a lost invoice is found again. */
    numberPrefix: z
      .string()
      .regex(/^([A-Za-z0-9][A-Za-z0-9._/-]{0,19})?$/, 'may have letters, digits and . _ / - only, at most 20')
      .default('AFO-'),
    numberStart: z.int().min(1).default(1),
    numberWidth: z.int().min(1).max(12).default(5),
    /** Days from issue to due, where neither the request nor the contact says. */
    dueDays: z.int().min(0).max(365).default(14),
    /** Work done before this day is never billed here. The day of the first connection unless the admin says otherwise. */
    billFrom: dateText.nullable().default(null),
  }),
  alerts: z.strictObject({
    email: z
      .strictObject({
        host: z.string().min(1).max(253),
        port: z.int().min(1).max(65_535).default(587),
        /** tls: from the first byte; starttls: asked for before anything else is said, and insisted on. */
        security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
        user: z.string().min(1).max(320).nullable().default(null),
        from: z.email(),
        to: z.array(z.email()).min(1).max(20),
      })
      .nullable()
      .default(null),
    /** Whether the saved webhook is used. */
    webhook: z.boolean().default(false),
    kinds: z
      .strictObject({
        disconnected: alertWhen.default('now'),
        lapsing: alertWhen.default('now'),
        refused: alertWhen.default('now'),
        failures: alertWhen.default('digest'),
        quota: alertWhen.default('now'),
        deadLetters: alertWhen.default('now'),
        differences: alertWhen.default('digest'),
      })
      .prefault({}),
    digestAt: clock.default('08:00'),
    /** Nothing is said meanwhile; it is said afterwards. */
    quiet: z.strictObject({ from: clock, to: clock }).nullable().default(null),
  }),
  /** How many days something is kept. */
  retention: z.strictObject({
    logs: z.int().min(30).max(3_650).default(400),
    calls: z.int().min(30).max(3_650).default(400),
    audit: z.int().min(365).max(3_650).default(1_095),
    reports: z.int().min(30).max(3_650).default(400),
    alerts: z.int().min(30).max(3_650).default(400),
    webhookEvents: z.int().min(32).max(3_650).default(90),
    idempotencyKeys: z.int().min(1).max(30).default(1),
  }),
} as const

export type SettingGroup = keyof typeof settingGroups
export type Settings<G extends SettingGroup> = z.output<(typeof settingGroups)[G]>
export type OwnerRule = z.infer<typeof ownerRule>
