import { isPositive, paymentStatus } from '@afo/billing'
import type { PaidDocument } from '@afo/contracts'
import type { XeroInvoice } from '@afo/xero'

/** A document of Xero's as it is kept. */
export const readDocument = (document: XeroInvoice, today: string): PaidDocument => ({
  xeroInvoiceId: document.invoiceID,
  xeroStatus: document.status,
  paymentStatus: paymentStatus(document, today),
  remark: remarkOf(document),
  number: document.invoiceNumber,
  contactId: document.contact?.contactID ?? null,
  reference: document.reference,
  issuedOn: document.date,
  currency: document.currencyCode,
  net: document.subTotal,
  tax: document.totalTax,
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
