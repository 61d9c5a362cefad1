import { z } from 'zod'
import { factNames, messages } from '../messages.js'
import { commandRow } from '../rpc/common.js'
import { id, instantText } from '../text.js'
import { accepted, listQuery, page } from './common.js'
import { endpoint } from './endpoint.js'

/** A command as it stands: queued, running (with progress), done, failed (and why) or cancelled. */
export const commandView = commandRow.meta({ id: 'Command' })

export const commandsQuery = listQuery(['createdAt'], {
  state: commandRow.shape.state.optional(),
  name: z.string().max(50).optional(),
})
export const commandsPage = page(commandView)

export const syncClientsBody = messages['contacts.sync'].body
export const syncItemsBody = messages['items.import'].body
export const syncPaymentsBody = messages['payments.poll'].body
/** One cost centre's hours. `force` overrules the objections named, by their codes; `expectedTotal` holds it to what was looked at. */
export const createInvoiceBody = messages['invoices.create'].body.required({ costCenterId: true })
/** Every cost centre that has approved hours. */
export const syncInvoicesBody = messages['invoices.create'].body.omit({ costCenterId: true, expectedTotal: true })

/** A fact as a live view tells it, the newest last. */
export const liveEvent = z
  .object({
    id: z.guid(),
    name: z.enum(factNames),
    at: instantText,
    key: z.string().describe('The entity that it is about'),
    body: z.record(z.string(), z.json()),
  })
  .meta({ id: 'LiveEvent' })
/** A place in the live view: an `id:` that it told before. */
export const lastEventId = z.string().regex(/^[\d,-]{1,500}$/, 'is unknown')

const one = z.strictObject({ id })

const sync = <B extends z.ZodType>(what: string, summary: string, body: B) =>
  endpoint({
    method: 'post',
    path: `/admin/xero/${what}`,
    summary,
    tag: 'Sync',
    access: 'admin',
    commanding: true,
    audit: `xero.${what}`,
    body,
    answers: { 202: accepted },
  })

export const commandEndpoints = {
  syncClients: sync('sync-clients', 'Bring clients and Xero contacts into step', syncClientsBody),
  syncItems: sync('sync-items', 'Import Xero items as activity types', syncItemsBody),
  syncPayments: sync('sync-payments', 'Ask Xero what was paid', syncPaymentsBody),
  syncInvoices: sync('sync-invoices', 'Bill every cost centre that has approved hours', syncInvoicesBody),
  createInvoice: endpoint({
    method: 'post',
    path: '/admin/invoices',
    summary: "Bill one cost centre's approved hours",
    tag: 'Invoices',
    access: 'admin',
    commanding: true,
    audit: 'invoices.create',
    body: createInvoiceBody,
    answers: { 202: accepted },
  }),
  listCommands: endpoint({
    method: 'get',
    path: '/admin/commands',
    summary: 'What was asked for, newest first',
    tag: 'Commands',
    access: 'reader',
    query: commandsQuery,
    answers: { 200: commandsPage },
  }),
  readCommand: endpoint({
    method: 'get',
    path: '/admin/commands/:id',
    summary: 'How far a command is, and how it ended',
    tag: 'Commands',
    access: 'reader',
    params: one,
    answers: { 200: commandView },
  }),
  cancelCommand: endpoint({
    method: 'post',
    path: '/admin/commands/:id/cancel',
    summary: 'End a command: a queued one at once, a running one between two batches',
    tag: 'Commands',
    access: 'admin',
    commanding: true,
    audit: 'commands.cancel',
    params: one,
    answers: { 200: commandView },
  }),
  watchEvents: endpoint({
    method: 'get',
    path: '/admin/events',
    summary: 'What happens, as it happens; each event is named after its fact. The stream ends with the session',
    tag: 'Commands',
    access: 'reader',
    headers: z.object({
      'Last-Event-ID': lastEventId
        .optional()
        .describe('The `id` of the last event that was seen: the view goes on behind it'),
    }),
    answers: { 200: { media: 'text/event-stream', data: liveEvent } },
  }),
} as const
