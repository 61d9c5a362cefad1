import { z } from 'zod'

/** Money and quantities cross every border as decimal text, never as a JSON number. */
export const decimalText = z
  .string()
  .regex(/^-?\d{1,14}(\.\d{1,4})?$/, 'must be a decimal with at most 4 places, as text')

/** A calendar date without a time zone, "2026-11-23". */
export const dateText = z.iso.date()

/** An instant, ISO 8601 with its offset. */
export const instantText = z.iso.datetime({ offset: true })

/** Ids of ours. Lenient on the version digits, since ids of an existing database come from anywhere. */
export const id = z.guid()

export const invoiceStatusChoice = z.enum(['DRAFT', 'SUBMITTED', 'AUTHORISED'])
export type InvoiceStatusChoice = z.infer<typeof invoiceStatusChoice>

export const paymentStatus = z.enum(['Paid', 'Unpaid', 'Overdue'])
export type PaymentStatus = z.infer<typeof paymentStatus>
