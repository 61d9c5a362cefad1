import { z } from 'zod'
import { settingGroups } from '../settings.js'
import { endpoint } from './endpoint.js'

const read = <S extends z.ZodType>(group: string, what: string, shape: S) =>
  endpoint({
    method: 'get',
    path: `/admin/settings/${group}`,
    summary: `How ${what}`,
    tag: 'Settings',
    access: 'reader',
    answers: { 200: shape },
  })

const write = <S extends z.ZodType>(group: string, what: string, shape: S) =>
  endpoint({
    method: 'put',
    path: `/admin/settings/${group}`,
    summary: `Choose how ${what}. What is left out gets its default`,
    tag: 'Settings',
    access: 'admin',
    commanding: true,
    audit: `settings.${group}`,
    body: shape,
    answers: { 200: shape },
  })

const sync = ['sync', 'contacts, items, invoices and payments are kept in step', settingGroups.sync] as const
const retention = ['retention', 'long things are kept, in days', settingGroups.retention] as const
const invoicing = ['invoicing', 'invoices are made', settingGroups.invoicing] as const

export const settingEndpoints = {
  readSyncSettings: read(...sync),
  writeSyncSettings: write(...sync),
  readInvoicingSettings: read(...invoicing),
  writeInvoicingSettings: write(...invoicing),
  readRetentionSettings: read(...retention),
  writeRetentionSettings: write(...retention),
} as const

/** Run-time configuration of the console: public by nature. */
export const consoleConfig = z.object({
  supabaseUrl: z.string(),
  publishableKey: z.string(),
  xero: z.object({
    /** Where the keys of a Xero app are shown. */
    apps: z.string(),
    /** Where people work in Xero: the front of its deep links. */
    office: z.string(),
    /** Not the real Xero: a stand-in on this machine. */
    standIn: z.boolean(),
  }),
})
export type ConsoleConfig = z.infer<typeof consoleConfig>
