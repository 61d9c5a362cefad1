import { z } from 'zod'
import { failureCodes } from '../failures/catalogue.js'
import { dateText, decimalText, id, instantText, invoiceStatusChoice, paymentStatus } from '../text.js'
import { failureReport } from './common.js'

const json = z.json()
/** Approved, unbilled work. `rate` is the timesheet's own, else its activity type's. */
const billableTimesheet = z.object({
  id,
  workDate: dateText.nullable(),
  worker: z.string(),
  hours: decimalText.nullable(),
  rate: decimalText.nullable(),
  activityId: id.nullable(),
  activity: z.string(),
  itemCode: z.string().nullable(),
  accountCode: z.string().nullable(),
  taxType: z.string().nullable(),
})

/** All that the plan of one cost centre's invoice is made from. */
export const billingSource = z.object({
  costCenter: z.object({
    id,
    name: z.string(),
    poNumber: z.string().nullable(),
    poAmount: decimalText.nullable(),
    poExpiresOn: dateText.nullable(),
    trackingOption: z.string().nullable(),
  }),
  project: z.object({ code: z.string(), name: z.string() }),
  client: z
    .object({
      id,
      name: z.string(),
      contactId: z.string().nullable(),
      contactStatus: z.string().nullable(),
      terms: z.object({ day: z.number().int(), type: z.string() }).nullable(),
      /** It is itself in the failed list, or waits for a person to match it. */
      failed: z.boolean(),
      matching: z.boolean(),
    })
    .nullable(),
  keptNumber: z.string().nullable(),
  /** Net of what was billed on this purchase order so far. */
  orderBilled: decimalText,
  /** Timesheets of the period that wait for approval. */
  submitted: z.int(),
  timesheets: z.array(billableTimesheet),
})
export type BillingSource = z.infer<typeof billingSource>
export type BillableTimesheet = z.infer<typeof billableTimesheet>

/** A line as it is frozen. Quantity and unit price to 4 places, money to 2, the tax rate in percent. */
export const invoiceLine = z.object({
  description: z.string(),
  quantity: decimalText,
  unitPrice: decimalText,
  net: decimalText,
  tax: decimalText,
  taxRate: decimalText,
  taxType: z.string(),
  taxName: z.string().nullable(),
  accountCode: z.string(),
  accountName: z.string().nullable(),
  itemCode: z.string().nullable(),
  tracking: z.array(z.object({ name: z.string(), option: z.string() })),
  timesheetIds: z.array(id),
})
export type InvoiceLine = z.infer<typeof invoiceLine>

const totals = { net: decimalText, tax: decimalText, total: decimalText }
export const invoiceStates = z.enum(['claimed', 'sending', 'unknown', 'issued', 'refused', 'voided'])

/** An invoice as those who work on it see it. Its fence goes with every further step. */
export const invoiceWork = z.object({
  id,
  costCenterId: id,
  clientId: id,
  commandId: id.nullable(),
  number: z.string(),
  reference: z.string().nullable(),
  state: invoiceStates,
  fence: z.string(),
  /** How often it may have reached Xero since the claim. */
  sends: z.int(),
  contactId: z.string(),
  /** What that contact was merged into since, and the client's contact of today. */
  alsoContacts: z.array(z.string()).optional(),
  wantedStatus: invoiceStatusChoice,
  currency: z.string(),
  issuedOn: dateText,
  dueOn: dateText,
  lines: z.array(invoiceLine),
  ...totals,
  batchId: id.nullable(),
  idempotencyKey: z.string().nullable(),
  sentAgeMs: z.number().nullable(),
  /** It may be in the books of another organisation than the one in use, so it is neither looked for nor sent here. */
  sentElsewhere: z.boolean().default(false),
  xeroInvoiceId: z.string().nullable(),
  xeroStatus: z.string().nullable(),
  noteDue: z.boolean(),
})
export type InvoiceWork = z.infer<typeof invoiceWork>

export const invoiceClaim = z.object({
  id,
  commandId: id,
  costCenterId: id,
  clientId: id,
  contactId: z.string(),
  reference: z.string().nullable(),
  status: invoiceStatusChoice,
  currency: z.string(),
  issuedOn: dateText,
  dueOn: dateText,
  note: z.string(),
  lines: z.array(invoiceLine).min(1),
  ...totals,
  /** As they were when the plan was made; a difference means planning anew. */
  timesheets: z
    .array(z.object({ id, hours: decimalText, rate: decimalText, activityId: id.nullable(), workDate: dateText }))
    .min(1),
  /** The organisation in use when accounts, tax rates and currency were read: none other gets what was planned by them. */
  tenantId: z.string().nullable(),
  prefix: z.string(),
  start: z.int(),
  width: z.int(),
  leaseMs: z.int(),
})
export type InvoiceClaim = z.infer<typeof invoiceClaim>

const fenced = { id, fence: z.string() }
const failure = { code: z.enum(failureCodes), message: z.string(), details: z.record(z.string(), json).optional() }

/** What became of an invoice that was sent or looked up. */
export const invoiceOutcome = z.discriminatedUnion('to', [
  z.object({
    to: z.literal('issued'),
    ...fenced,
    xeroInvoiceId: z.string(),
    xeroStatus: z.string(),
    updatedAt: instantText.nullable(),
    total: decimalText,
    amountDue: decimalText,
    amountPaid: decimalText,
    amountCredited: decimalText,
    paymentStatus: paymentStatus,
    /** Where Xero's totals aren't ours. */
    code: failure.code.optional(),
    message: z.string().optional(),
    details: failure.details,
  }),
  z.object({
    to: z.literal('refused'),
    ...fenced,
    ...failure,
    /** Why the number can't be taken again. */
    spent: z.string().nullable(),
    /** The command of whoever gave it up, so that it is no failure: nobody has to look at it. */
    givenUpBy: id.optional(),
  }),
  z.object({ to: z.literal('unknown'), ...fenced, ...failure, waitMs: z.int() }),
  z.object({ to: z.literal('claimed'), ...fenced, waitMs: z.int() }),
  z.object({ to: z.literal('resent'), ...fenced, waitMs: z.int(), withinMs: z.int() }),
])
export type InvoiceOutcome = z.infer<typeof invoiceOutcome>

/** An invoice as a command's result tells of it. */
export const reportedInvoice = z.object({
  id,
  costCenterId: id,
  what: z.string(),
  number: z.string(),
  state: invoiceStates,
  xeroInvoiceId: z.string().nullable(),
  total: decimalText,
  code: z.string().nullable(),
  message: z.string().nullable(),
})
export type ReportedInvoice = z.infer<typeof reportedInvoice>

/** A cost centre that was not billed, and why. */
export const heldBilling = z.object({
  costCenterId: id,
  clientId: id.nullable(),
  commandId: id,
  failures: z.array(failureReport.pick({ entity: true, entityId: true, code: true, message: true, money: true })),
  /** The request to go on with when the client has a contact. */
  waits: z.record(z.string(), json).nullable(),
})
export type HeldBilling = z.infer<typeof heldBilling>

export const noteToWrite = z.discriminatedUnion('busy', [
  z.object({ busy: z.literal(true) }),
  z.object({ busy: z.literal(false), xeroInvoiceId: z.string(), text: z.string(), tried: z.boolean() }),
])
