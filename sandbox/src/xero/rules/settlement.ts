import { newId } from '@afo/kit'
import { Big } from 'big.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { CreditNote, Invoice, Payment } from '../store/types.js'
import { amountDue, settle } from './invoice-rules.js'
import { money, sum } from './money.js'

/** The invoice as its live payments and allocations make it. */
export function withSettlement(store: OrganisationStore, invoice: Invoice, on: string, now: number): Invoice {
  const payments = store.payments
    .allBy(store.paymentByInvoice, invoice.InvoiceID)
    .filter((p) => p.Status === 'AUTHORISED')
  const allocations = store.creditNotes
    .allBy(store.creditByInvoice, invoice.InvoiceID)
    .filter((note) => note.Status !== 'VOIDED')
    .flatMap((note) => note.Allocations.filter((a) => a.InvoiceID === invoice.InvoiceID))
  const settled = {
    ...invoice,
    AmountPaid: money(sum(payments.map((p) => new Big(p.Amount)))),
    AmountCredited: money(sum(allocations.map((a) => new Big(a.Amount)))),
    updatedAt: now,
  }
  return settle(settled, on)
}

export interface PaymentRequest {
  readonly invoice: Invoice
  /** Absent: all that is due. */
  readonly amount: Big | undefined
  readonly date: string
  readonly reference: string
  readonly accountCode: string
}

/** A payment, or why Xero refuses it. */
export function planPayment(
  request: PaymentRequest,
  now: number,
): { readonly payment: Payment } | { readonly error: string } {
  const { invoice, date, reference, accountCode } = request
  const due = amountDue(invoice)
  const amount = request.amount ?? due
  if (invoice.Status !== 'AUTHORISED') return { error: 'Payment can only be made against Authorised documents' }
  if (amount.lte(0)) return { error: 'The amount must be greater than zero' }
  if (amount.gt(due)) return { error: 'Payment amount exceeds the amount outstanding on this document' }
  return {
    payment: {
      PaymentID: newId(),
      InvoiceID: invoice.InvoiceID,
      Date: date,
      Amount: money(amount),
      Reference: reference,
      AccountCode: accountCode,
      Status: 'AUTHORISED',
      IsReconciled: false,
      updatedAt: now,
    },
  }
}

/** A credit note of one line, wholly allocated to the invoice, or why Xero refuses it. */
export function planCreditNote(
  { invoice, amount, date, number }: { invoice: Invoice; amount: Big | undefined; date: string; number: string },
  now: number,
): { readonly creditNote: CreditNote } | { readonly error: string } {
  const due = amountDue(invoice)
  const total = amount ?? due
  if (invoice.Status !== 'AUTHORISED') return { error: 'Credit can only be allocated to Authorised documents' }
  if (total.lte(0) || total.gt(due))
    return { error: 'The amount must be greater than zero and no more than the amount outstanding' }
  const text = money(total)
  return {
    creditNote: {
      CreditNoteID: newId(),
      CreditNoteNumber: number,
      Type: 'ACCRECCREDIT',
      ContactID: invoice.ContactID,
      Status: 'PAID',
      Date: date,
      Reference: invoice.InvoiceNumber,
      LineAmountTypes: 'NoTax',
      CurrencyCode: invoice.CurrencyCode,
      LineItems: [
        {
          LineItemID: newId(),
          Description: `Credit for ${invoice.InvoiceNumber}`,
          Quantity: '1.0000',
          UnitAmount: text,
          LineAmount: text,
          TaxAmount: '0.00',
          TaxType: 'NONE',
          AccountCode: invoice.LineItems[0]?.AccountCode,
          Tracking: [],
        },
      ],
      SubTotal: text,
      TotalTax: '0.00',
      Total: text,
      Allocations: [{ AllocationID: newId(), InvoiceID: invoice.InvoiceID, Amount: text, Date: date }],
      updatedAt: now,
    },
  }
}
