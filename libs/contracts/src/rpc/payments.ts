import { z } from 'zod'
import { dateText, decimalText, id, instantText, paymentStatus } from '../text.js'
import { rpc } from './define.js'

const none = z.null()

/** What Xero says of an invoice, with our reading of it. */
export const paidDocument = z.object({
  xeroInvoiceId: z.string(),
  xeroStatus: z.string(),
  paymentStatus,
  /** Why it is Paid where no money came. */
  remark: z.string().nullable(),
  /** What people may edit there after it was sent; compared with what was sent. */
  number: z.string().nullable(),
  contactId: z.string().nullable(),
  reference: z.string().nullable(),
  issuedOn: dateText.nullable(),
  currency: z.string().nullable(),
  net: decimalText,
  tax: decimalText,
  total: decimalText,
  amountDue: decimalText,
  amountPaid: decimalText,
  amountCredited: decimalText,
  fullyPaidOn: dateText.nullable(),
  dueOn: dateText.nullable(),
  updatedAt: instantText.nullable(),
})
export type PaidDocument = z.infer<typeof paidDocument>

const unsaid = z.object({
  id,
  state: z.enum(['issued', 'voided']),
  paymentStatus: paymentStatus.nullable(),
  changes: z.int(),
})
export type UnsaidChange = z.infer<typeof unsaid>

/** Payments' database functions. */
export const paymentRpcs = {
  sync_payments_cursor: rpc(z.object({ p_value: z.json(), p_tenant_id: z.string().nullable() }), z.boolean()),
  sync_payments_open: rpc(
    z.object({}),
    z.object({ now: instantText, open: z.int(), oldest: instantText.nullable(), tenantId: z.string().nullable() }),
  ),
  sync_payments_ids: rpc(
    z.object({ p_all: z.boolean(), p_after: z.string().nullable(), p_limit: z.int() }),
    z.array(z.string()),
  ),
  sync_payments_ours: rpc(z.object({ p_xero_ids: z.array(z.string()) }), z.array(z.string())),
  sync_payments_apply: rpc(z.object({ p_documents: z.array(paidDocument) }), z.int()),
  sync_payments_missing: rpc(z.object({ p_xero_ids: z.array(z.string()) }), none),
  sync_payments_age: rpc(z.object({ p_today: dateText }), z.int()),
  sync_payments_unsaid: rpc(z.object({ p_limit: z.int() }), z.array(unsaid)),
  sync_payments_said: rpc(z.object({ p_said: z.array(z.object({ id, changes: z.int() })) }), none),
} as const
