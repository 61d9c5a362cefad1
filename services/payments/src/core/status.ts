import type { PaidDocument, PaymentStatus } from '@afo/contracts'
import type { XeroInvoice } from '@afo/xero'

/**
 * Paid, Unpaid or Overdue. Xero has no Overdue: it is what is owed after the due date, by the organisation's calendar.
 * @param today the organisation's date, "2026-11-23"
 */
export function paymentStatus(
  { status, amountDue, dueDate }: Pick<XeroInvoice, 'status' | 'amountDue' | 'dueDate'>,
  today: string,
): PaymentStatus {
  if (status === 'PAID') return 'Paid'
  return isPositive(amountDue) && dueDate !== null && dueDate < today ? 'Overdue' : 'Unpaid'
}

/** A document of Xero's as it is kept. */
export const readDocument = (document: XeroInvoice, today: string): PaidDocument => ({
  xeroInvoiceId: document.invoiceID,
  xeroStatus: document.status,
  paymentStatus: paymentStatus(document, today),
  remark: remarkOf(document),
  total: document.total,
  amountDue: document.amountDue,
  amountPaid: document.amountPaid,
  amountCredited: document.amountCredited,
  fullyPaidOn: document.fullyPaidOnDate,
  dueOn: document.dueDate,
  updatedAt: document.updatedDateUTC,
})

function remarkOf({ status, amountPaid, amountCredited }: XeroInvoice): string | null {
  if (status !== 'PAID' || !isPositive(amountCredited)) return null
  return isPositive(amountPaid) ? 'Settled in part by a credit' : 'Settled by a credit'
}

// Decimal text: no float has to say whether something is owed.
const isPositive = (amount: string) => !amount.startsWith('-') && /[1-9]/.test(amount)
