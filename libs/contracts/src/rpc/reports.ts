import { z } from 'zod'
import { difference, differencesPage, reportsPage, reportView } from '../rest/reports.js'
import { dateText, decimalText, id, instantText } from '../text.js'
import { clientFields } from './contacts.js'
import { rpc } from './define.js'

const json = z.json()
const maybe = z.string().nullable()
const money = decimalText.nullable()

export const reportPart = z.enum(['contacts', 'items', 'invoices'])
export type ReportPart = z.infer<typeof reportPart>

/** What something waits for: it is gone from Xero, stands in the failed inbox, asks a person, or waits for the next sync. */
const standing = z.enum(['gone', 'failed', 'asked', 'waits'])

/** Our side of a contact that Xero showed. */
export const contactFacts = z.object({
  xeroId: z.string(),
  client: z
    .object({
      id,
      fields: clientFields,
      /** Edited here since the last sync. */
      changed: z.boolean(),
      standing,
    })
    .nullable(),
  numbered: z.enum(['nobody', 'client', 'gone']),
  known: z.boolean(),
})
export type ContactFacts = z.infer<typeof contactFacts>

export const itemFacts = z.object({
  id,
  itemId: z.string(),
  name: z.string(),
  code: maybe,
  description: maybe,
  rate: money,
  accountCode: maybe,
  taxType: maybe,
  missing: z.boolean(),
})
export type ItemFacts = z.infer<typeof itemFacts>

/** Our side of a document that Xero showed. `series`: its number is one that we give. */
export const invoiceFacts = z.object({
  xeroId: z.string(),
  series: z.boolean(),
  invoice: z
    .object({
      id,
      number: maybe,
      state: z.string(),
      xeroInvoiceId: maybe,
      contactId: maybe,
      clientName: z.string(),
      reference: maybe,
      issuedOn: dateText.nullable(),
      currency: maybe,
      net: money,
      tax: money,
      total: money,
      xeroStatus: maybe,
      amountDue: money,
      amountPaid: money,
      amountCredited: money,
      fullyPaidOn: dateText.nullable(),
      dueOn: dateText.nullable(),
      updatedAt: instantText.nullable(),
    })
    .nullable(),
})
export type InvoiceFacts = z.infer<typeof invoiceFacts>

/** A row of ours that Xero should have and did not show. */
export const unseenRow = z.object({ id, name: z.string(), xeroId: maybe, money, standing })
export type UnseenRow = z.infer<typeof unseenRow>

const listOf = <P extends z.ZodType>(answer: P) => rpc(z.object({ p_query: z.record(z.string(), json) }), answer)

/** The reports' database functions. */
export const reportRpcs = {
  sync_report_begin: rpc(
    z.object({ p_id: id }),
    z.object({ part: reportPart, page: z.int(), calls: z.int(), finished: z.boolean() }),
  ),
  sync_report_contacts: rpc(
    z.object({ p_contacts: z.array(z.object({ id: z.string(), number: maybe })) }),
    z.array(contactFacts),
  ),
  sync_report_items: rpc(z.object({ p_ids: z.array(z.string()) }), z.array(itemFacts)),
  sync_report_invoices: rpc(
    z.object({ p_documents: z.array(z.object({ id: z.string(), number: maybe })) }),
    z.array(invoiceFacts),
  ),
  sync_report_keep: rpc(
    z.object({
      p_id: id,
      p_part: reportPart,
      p_page: z.int(),
      p_calls: z.int(),
      p_read: z.int(),
      p_seen: z.array(id),
      p_differences: z.array(difference),
    }),
    z.null(),
  ),
  sync_report_unseen: rpc(z.object({ p_id: id, p_limit: z.int() }), z.array(unseenRow)),
  sync_report_finish: rpc(z.object({ p_id: id }), reportView),
  sync_list_reports: listOf(reportsPage),
  sync_list_differences: listOf(differencesPage),
} as const
