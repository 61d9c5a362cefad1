import type { InvoiceWork } from '@afo/contracts'
import type { InvoiceWrite } from '@afo/wire'

/** The invoice as Xero is told of it. Tax amounts are Xero's to compute; of the contact only its id, since more would change it. */
export function documentOf(invoice: InvoiceWork, pageUrl: string | null): InvoiceWrite {
  return {
    invoiceNumber: invoice.number,
    ...(invoice.reference ? { reference: invoice.reference } : {}),
    contact: { contactID: invoice.contactId },
    date: invoice.issuedOn,
    dueDate: invoice.dueOn,
    status: invoice.wantedStatus,
    currencyCode: invoice.currency,
    lineAmountTypes: 'Exclusive',
    ...(pageUrl ? { url: `${pageUrl}/invoices/${invoice.id}` } : {}),
    lineItems: invoice.lines.map((line) => ({
      description: line.description,
      quantity: line.quantity,
      unitAmount: line.unitPrice,
      ...(line.itemCode ? { itemCode: line.itemCode } : {}),
      accountCode: line.accountCode,
      taxType: line.taxType,
      ...(line.tracking.length > 0 ? { tracking: line.tracking } : {}),
    })),
  }
}
