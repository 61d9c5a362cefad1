import { z } from 'zod'
import { type FaultKind, faultKinds } from '../faults.js'

const tenantId = z.string().optional()
const id = z.string().min(1)
/** Fields in Xero's own words, as in a request to the API; Xero's rules judge them. */
const element = z.record(z.string(), z.unknown())
const amount = z.string().regex(/^\d+(\.\d{1,2})?$/, 'an amount as text, "12.50"')
const date = z.iso.date()

export const contactAction = z.discriminatedUnion('action', [
  z.strictObject({ tenantId, action: z.literal('create'), contact: element }),
  z.strictObject({ tenantId, action: z.literal('edit'), id, contact: element }),
  z.strictObject({ tenantId, action: z.literal('archive'), id }),
  z.strictObject({ tenantId, action: z.literal('restore'), id }),
  z.strictObject({ tenantId, action: z.literal('merge'), id, into: id }),
])

export const itemAction = z.discriminatedUnion('action', [
  z.strictObject({ tenantId, action: z.literal('create'), item: element }),
  z.strictObject({ tenantId, action: z.literal('edit'), id, item: element }),
  z.strictObject({ tenantId, action: z.literal('remove'), id }),
])

export const invoiceAction = z.discriminatedUnion('action', [
  z.strictObject({ tenantId, action: z.literal('create'), invoice: element }),
  z.strictObject({ tenantId, action: z.literal('edit'), id, invoice: element }),
  z.strictObject({ tenantId, action: z.literal('note'), id, details: z.string().min(1) }),
  z.strictObject({ tenantId, action: z.enum(['approve', 'void', 'delete']), id }),
])

export const paymentAction = z.discriminatedUnion('action', [
  z.strictObject({
    tenantId,
    action: z.literal('pay'),
    invoice: id,
    amount: amount.optional(),
    date: date.optional(),
    reference: z.string().optional(),
    accountCode: z.string().optional(),
  }),
  z.strictObject({ tenantId, action: z.literal('remove'), id }),
])

export const creditNote = z.strictObject({ tenantId, invoice: id, amount: amount.optional(), date: date.optional() })

const classes = z.enum(['ASSET', 'EQUITY', 'EXPENSE', 'LIABILITY', 'REVENUE'])

export const accountChange = z.strictObject({
  tenantId,
  Code: id,
  Name: z.string().optional(),
  Type: z.string().optional(),
  TaxType: z.string().optional(),
  Class: classes.optional(),
  Status: z.enum(['ACTIVE', 'ARCHIVED']).optional(),
})

export const taxRateChange = z.strictObject({
  tenantId,
  TaxType: id,
  Name: z.string().optional(),
  Rate: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .optional(),
  Status: z.enum(['ACTIVE', 'ARCHIVED', 'DELETED']).optional(),
  CanApplyTo: z.array(classes).optional(),
})

const activity = z.enum(['ACTIVE', 'ARCHIVED'])

export const trackingChange = z.strictObject({
  tenantId,
  TrackingCategoryID: z.guid(),
  Name: z.string().optional(),
  Status: activity.optional(),
  Options: z.array(z.strictObject({ TrackingOptionID: z.guid(), Name: z.string(), Status: activity })).optional(),
})

export const organisationChange = z.strictObject({
  tenantId,
  Name: z.string().optional(),
  Timezone: z.string().optional(),
  PeriodLockDate: date.nullable().optional(),
  EndOfYearLockDate: date.nullable().optional(),
  Currencies: z.array(z.string().length(3)).optional(),
  ForbiddenActions: z.array(z.string()).optional(),
})

export const disconnect = z.strictObject({ tenantId })

export const fault = z.strictObject({
  kind: z.enum(Object.keys(faultKinds) as [FaultKind, ...FaultKind[]]),
  match: z
    .strictObject({ method: z.string().optional(), path: z.string().optional(), body: z.string().optional() })
    .optional(),
  times: z.number().int().min(0).optional(),
  ms: z.number().min(0).optional(),
})

export const clock = z.strictObject({ advanceMs: z.number().optional(), now: z.number().optional() })

export const limits = z.strictObject({
  enabled: z.boolean().optional(),
  perMinute: z.number().int().min(1).optional(),
  concurrent: z.number().int().min(1).optional(),
  perDay: z.number().int().min(1).optional(),
  appPerMinute: z.number().int().min(1).optional(),
})

export const webhook = z.strictObject({
  target: z.strictObject({ url: z.url(), key: id }).nullable().optional(),
  repeat: z.number().int().min(0).optional(),
  paymentRaisesInvoiceUpdate: z.boolean().optional(),
})
