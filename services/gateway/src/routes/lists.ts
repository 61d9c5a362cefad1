import {
  auditPage,
  auditQuery,
  clientsPage,
  clientsQuery,
  costCentresPage,
  costCentresQuery,
  id,
  invoiceDetail,
  invoicesPage,
  invoicesQuery,
  itemsPage,
  itemsQuery,
  type RpcName,
  timesheetsPage,
  timesheetsQuery,
} from '@afo/contracts'
import { z } from 'zod'
import { type AnyRoute, route } from '../http/route.js'

type ListRpc = Extract<RpcName, `sync_list_${string}`>

/** A list over one database function, which pages, searches, filters and sorts. */
const list = (
  path: `/${string}`,
  tag: string,
  summary: string,
  name: ListRpc,
  query: z.ZodType,
  answer: z.ZodType,
): AnyRoute =>
  route({
    method: 'get',
    path,
    summary,
    tag,
    access: 'reader',
    query,
    answers: { 200: answer },
    handle: async (input, { db }) => ({
      status: 200,
      body: await db.rpc(name, { p_query: input.query as never }),
    }),
  })

export const lists: readonly AnyRoute[] = [
  list(
    '/admin/invoices',
    'Invoices',
    'Invoices with their payment status, and totals',
    'sync_list_invoices',
    invoicesQuery,
    invoicesPage,
  ),
  route({
    method: 'get',
    path: '/admin/invoices/:id',
    summary: 'One invoice, its lines, and the timesheets behind them',
    tag: 'Invoices',
    access: 'reader',
    params: z.strictObject({ id }),
    answers: { 200: invoiceDetail },
    handle: async ({ params }, { db }) => ({
      status: 200,
      body: await db.rpc('sync_invoice_detail', { p_id: params.id }),
    }),
  }),
  list(
    '/admin/cost-centres',
    'Lists',
    'Cost centres with what is approved and not billed',
    'sync_list_cost_centres',
    costCentresQuery,
    costCentresPage,
  ),
  list('/admin/clients', 'Lists', 'Clients and their link to Xero', 'sync_list_clients', clientsQuery, clientsPage),
  list(
    '/admin/items',
    'Lists',
    'Activity types and the Xero items behind them',
    'sync_list_items',
    itemsQuery,
    itemsPage,
  ),
  list(
    '/admin/timesheets',
    'Lists',
    'Timesheets, newest first',
    'sync_list_timesheets',
    timesheetsQuery,
    timesheetsPage,
  ),
  list('/admin/audit', 'Operations', 'Who asked for what, when, from where', 'sync_list_audit', auditQuery, auditPage),
]
