import { z } from 'zod'
import { invoiceLine } from '../rpc/invoice-shapes.js'
import { dateText, id, instantText } from '../text.js'
import { endpoint } from './endpoint.js'
import { invoiceView, timesheetView } from './lists.js'

/** A timesheet and where it went. */
export const timesheetDetail = timesheetView
  .extend({
    billedElsewhere: z.object({ at: instantText, by: z.string().nullable(), reason: z.string().nullable() }).nullable(),
    /** The invoice it is on with what was paid, then those that were voided, newest first; each with the line it is part of. */
    invoices: z.array(invoiceView.extend({ line: invoiceLine.nullable() })),
  })
  .meta({ id: 'TimesheetDetail' })

const some = {
  ids: z.array(id).min(1).max(500).optional(),
  costCenterId: id.optional().describe('Only those of this cost centre'),
  upTo: dateText.optional().describe('All of work done up to this day'),
}
const named = ({ ids, upTo }: { ids?: unknown; upTo?: unknown }) => ids !== undefined || upTo !== undefined
const unnamed = { path: ['upTo'], message: 'name the timesheets, or a day up to which all are meant' }
const reason = z.string().trim().min(1).max(500)

export const billedElsewhereBody = z.strictObject({ ...some, reason }).refine(named, unnamed)
export const billedHereBody = z.strictObject({ ...some, reason: reason.optional() }).refine(named, unnamed)
export const markedAnswer = z.object({ changed: z.int() })

const mark = <B extends z.ZodType>(path: `/${string}`, summary: string, audit: string, body: B) =>
  endpoint({
    method: 'post',
    path: `/admin/timesheets/billed-elsewhere${path === '/' ? '' : path}`,
    summary,
    tag: 'Invoices',
    access: 'admin',
    commanding: true,
    audit,
    body,
    answers: { 200: markedAnswer },
  })

export const timesheetEndpoints = {
  readTimesheet: endpoint({
    method: 'get',
    path: '/admin/timesheets/:id',
    summary: 'A timesheet, the invoices it is or was on, and what was paid',
    tag: 'Invoices',
    access: 'reader',
    params: z.strictObject({ id }),
    answers: { 200: timesheetDetail },
  }),
  markBilledElsewhere: mark(
    '/',
    'Say that work was billed outside of this product: it is never billed here',
    'timesheets.mark-billed-elsewhere',
    billedElsewhereBody,
  ),
  unmarkBilledElsewhere: mark(
    '/undo',
    'Take back that work was billed outside of this product',
    'timesheets.unmark-billed-elsewhere',
    billedHereBody,
  ),
} as const
