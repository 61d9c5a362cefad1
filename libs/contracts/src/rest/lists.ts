import { z } from 'zod'
import { invoiceLine } from '../rpc/invoice-shapes.js'
import { dateText, decimalText, id, instantText, paymentStatus } from '../text.js'
import { flagText, listQuery, page } from './common.js'
import { endpoint } from './endpoint.js'

const text = z.string()
const maybe = z.string().nullable()

export const clientView = z
  .object({
    id,
    name: text,
    firstName: maybe,
    lastName: maybe,
    email: maybe,
    phone: maybe,
    mobile: maybe,
    city: maybe,
    country: maybe,
    taxNumber: maybe,
    accountNumber: maybe,
    archived: z.boolean(),
    xeroContactId: maybe,
    xeroContactStatus: maybe,
    syncedAt: instantText.nullable(),
    /** linked, waiting for its first or next sync, waiting for a person (a match or a conflict), or failed. */
    link: z.enum(['linked', 'waiting', 'question', 'failed']),
  })
  .meta({ id: 'Client' })
export const clientsQuery = listQuery(['name', 'syncedAt', 'createdAt'], {
  link: clientView.shape.link.optional(),
  archived: flagText.optional(),
})

export const itemView = z
  .object({
    id,
    name: text,
    description: maybe,
    defaultRate: decimalText.nullable(),
    accountCode: maybe,
    taxType: maybe,
    xeroItemId: maybe,
    xeroItemCode: maybe,
    managedByXero: z.boolean(),
    missingInXeroAt: instantText.nullable(),
  })
  .meta({ id: 'Item' })
export const itemsQuery = listQuery(['name', 'code'], {
  managedByXero: flagText.optional(),
  missing: flagText.optional(),
})

export const timesheetView = z
  .object({
    id,
    costCenterId: id.nullable(),
    costCentre: text,
    activity: maybe,
    worker: text,
    date: dateText.nullable(),
    hours: decimalText.nullable(),
    /** Its own rate, else its activity's. */
    rate: decimalText.nullable(),
    status: text,
    approvedBy: maybe,
    approvedAt: instantText.nullable(),
    invoiced: z.boolean(),
    invoiceId: id.nullable(),
    invoiceNumber: maybe,
  })
  .meta({ id: 'Timesheet' })
export const timesheetsQuery = listQuery(['date', 'worker'], {
  costCenterId: id.optional(),
  invoiceId: id.optional(),
  status: z.string().max(20).optional(),
  billable: flagText.optional().describe('Approved and not billed yet'),
})

export const costCentreView = z
  .object({
    id,
    name: text,
    projectCode: maybe,
    projectName: maybe,
    clientId: id.nullable(),
    clientName: maybe,
    poNumber: maybe,
    poAmount: decimalText.nullable(),
    poExpiresOn: dateText.nullable(),
    /** Approved and not billed yet, of work that may be billed here (setting billFrom). */
    unbilled: z.object({
      timesheets: z.int(),
      hours: decimalText,
      /** Without those that have no rate. */
      money: decimalText,
      withoutRate: z.int(),
      from: dateText.nullable(),
      to: dateText.nullable(),
    }),
  })
  .meta({ id: 'CostCentre' })
export const costCentresQuery = listQuery(['name', 'money'], {
  clientId: id.optional(),
  ready: flagText.optional().describe('Only those that have something to bill'),
})

export const invoiceView = z
  .object({
    id,
    number: maybe,
    reference: maybe,
    state: text,
    costCenterId: id.nullable(),
    costCentre: text,
    clientId: id.nullable(),
    clientName: maybe,
    net: decimalText.nullable(),
    tax: decimalText.nullable(),
    total: decimalText.nullable(),
    currency: maybe,
    issuedOn: dateText.nullable(),
    dueOn: dateText.nullable(),
    xeroInvoiceId: maybe,
    xeroStatus: maybe,
    paymentStatus: paymentStatus.nullable(),
    amountDue: decimalText.nullable(),
    amountPaid: decimalText.nullable(),
    amountCredited: decimalText.nullable(),
    fullyPaidOn: dateText.nullable(),
    /** Why it is Paid where no money came. */
    remark: maybe,
    createdAt: instantText,
    /** As Xero has it; where it `differs`, `edits` tells in what: somebody changed it there, or Xero computed otherwise. Nothing is overwritten. */
    xeroTotal: decimalText.nullable(),
    differs: z.boolean(),
    edits: z.array(z.object({ field: z.string(), ours: maybe, xero: maybe })),
    /** Why no invoice of this number is in Xero, or no longer counts there. Null where one does. */
    numberGap: maybe,
  })
  .meta({ id: 'Invoice' })
export const invoicesQuery = listQuery(['createdAt', 'number', 'dueOn', 'total', 'amountDue'], {
  paymentStatus: paymentStatus.optional(),
  state: z.string().max(20).optional(),
  clientId: id.optional(),
  costCenterId: id.optional(),
})
export const invoicesPage = page(invoiceView).extend({
  totals: z.object({ total: decimalText, amountDue: decimalText, amountPaid: decimalText }),
})

/** One invoice with its frozen lines and the timesheets behind it. */
export const invoiceDetail = invoiceView
  .extend({
    lines: z.array(invoiceLine),
    timesheets: z.array(timesheetView),
    commandId: id.nullable(),
    sentAt: instantText.nullable(),
    /** What is written into its history in Xero. */
    note: maybe,
    noteWrittenAt: instantText.nullable(),
    /** Who voided it: a person here, or `xero`. */
    voided: z.object({ at: instantText, by: maybe }).nullable(),
  })
  .meta({ id: 'InvoiceDetail' })

export const clientsPage = page(clientView)
export const itemsPage = page(itemView)
export const timesheetsPage = page(timesheetView)
export const costCentresPage = page(costCentreView)

const list = <Q extends z.ZodType, A extends z.ZodType>(what: string, summary: string, query: Q, answer: A) =>
  endpoint({
    method: 'get',
    path: `/admin/${what}`,
    summary,
    tag: what === 'invoices' ? 'Invoices' : 'Lists',
    access: 'reader',
    query,
    answers: { 200: answer },
  })

export const listEndpoints = {
  listInvoices: list('invoices', 'Invoices with their payment status, and totals', invoicesQuery, invoicesPage),
  readInvoice: endpoint({
    method: 'get',
    path: '/admin/invoices/:id',
    summary: 'One invoice, its lines, and the timesheets behind them',
    tag: 'Invoices',
    access: 'reader',
    params: z.strictObject({ id }),
    answers: { 200: invoiceDetail },
  }),
  listCostCentres: list(
    'cost-centres',
    'Cost centres with what is approved and not billed',
    costCentresQuery,
    costCentresPage,
  ),
  listClients: list('clients', 'Clients and their link to Xero', clientsQuery, clientsPage),
  listItems: list('items', 'Activity types and the Xero items behind them', itemsQuery, itemsPage),
  listTimesheets: list('timesheets', 'Timesheets, newest first', timesheetsQuery, timesheetsPage),
} as const
