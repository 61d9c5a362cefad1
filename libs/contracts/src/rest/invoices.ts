import { z } from 'zod'
import { id, instantText } from '../text.js'
import { accepted } from './common.js'
import { endpoint } from './endpoint.js'

/** One write that reached for Xero: what was sent and what came back, of a batch this invoice's part, without what identifies a person. */
export const invoiceCall = z
  .object({
    id: z.string(),
    at: instantText,
    method: z.string(),
    path: z.string(),
    /** Null where no answer came. */
    status: z.int().nullable(),
    /** ok, rejected, unknown (no answer, or none that could be read), throttled, unavailable, disconnected. */
    outcome: z.string(),
    durationMs: z.int(),
    service: z.string(),
    correlationId: z.string().nullable(),
    xeroCorrelationId: z.string().nullable(),
    request: z.json(),
    answer: z.json(),
  })
  .meta({ id: 'InvoiceCall' })
export const invoiceCallsAnswer = z.object({ items: z.array(invoiceCall) })

const params = z.strictObject({ id })

export const invoiceEndpoints = {
  voidInvoice: endpoint({
    method: 'post',
    path: '/admin/invoices/:id/void',
    summary: 'Void an invoice, in Xero first, or give up one in doubt; its hours can be billed again',
    tag: 'Invoices',
    access: 'admin',
    commanding: true,
    audit: 'invoices.void',
    params,
    answers: { 202: accepted },
  }),
  listInvoiceCalls: endpoint({
    method: 'get',
    path: '/admin/invoices/:id/calls',
    summary: 'What Xero was told of an invoice and what it answered, oldest first',
    tag: 'Invoices',
    access: 'reader',
    params,
    answers: { 200: invoiceCallsAnswer },
  }),
} as const
