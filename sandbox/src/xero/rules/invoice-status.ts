import type { InvoiceStatus } from '../store/types.js'

/** Where a person or an app may move an invoice; PAID is Xero's own doing. */
const moves: Readonly<Record<InvoiceStatus, readonly InvoiceStatus[]>> = {
  DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
  SUBMITTED: ['SUBMITTED', 'AUTHORISED', 'DRAFT', 'DELETED'],
  AUTHORISED: ['AUTHORISED', 'VOIDED'],
  PAID: [],
  VOIDED: [],
  DELETED: [],
}

export const notModifiable = 'Invoice not of valid status for modification'
export const notEditable = 'This document cannot be edited as it has a payment or credit note allocated to it.'
export const cannotApply = (status: string): string =>
  `The status ${status} cannot be applied to the invoice because it has payments or credit notes allocated to it.`

/** What Xero says against a change of status, or undefined where it is allowed. */
export function refusalOfStatus(from: InvoiceStatus, to: InvoiceStatus, settled: boolean): string | undefined {
  if (from === 'VOIDED' || from === 'DELETED') return notModifiable
  if (from === 'PAID' && to === 'PAID') return undefined
  if (settled && to !== from) return cannotApply(to)
  return moves[from].includes(to) ? undefined : notModifiable
}

export const creatable: readonly InvoiceStatus[] = ['DRAFT', 'SUBMITTED', 'AUTHORISED']
