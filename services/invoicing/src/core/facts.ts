import type { InvoiceOutcome, InvoiceWork, NewMessage } from '@afo/contracts'
import { derivedId } from '@afo/kit'

/** What is said when an invoice is in Xero: the fact, and the wish for its note. The same ids whoever says it, however often. */
export const saysIssued = (
  invoice: Pick<InvoiceWork, 'id' | 'number' | 'total'>,
  xeroInvoiceId: string,
): NewMessage[] => [
  {
    id: derivedId('invoice.issued', invoice.id, xeroInvoiceId),
    name: 'invoice.issued',
    key: invoice.id,
    body: { invoiceId: invoice.id, number: invoice.number, xeroInvoiceId, total: invoice.total },
  },
  {
    id: derivedId('invoices.note', invoice.id, xeroInvoiceId),
    name: 'invoices.note',
    key: invoice.id,
    body: { invoiceId: invoice.id },
  },
]

export function saysOutcome(invoice: InvoiceWork, outcome: InvoiceOutcome): NewMessage[] {
  if (outcome.to === 'issued') return saysIssued(invoice, outcome.xeroInvoiceId)
  if (outcome.to !== 'refused') return []
  return [
    {
      id: derivedId('invoice.refused', invoice.id, invoice.fence),
      name: 'invoice.refused',
      key: invoice.id,
      body: { invoiceId: invoice.id, number: invoice.number, code: outcome.code },
    },
  ]
}
