import { Big } from 'big.js'
import { money } from '../rules/money.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { CreditNote, Payment } from '../store/types.js'
import { invoiceElement, lineElement } from './invoice-element.js'
import { day, dayTwins, number, updatedTwins } from './wire.js'

export function paymentElement(store: OrganisationStore, payment: Payment): object {
  const invoice = store.invoices.get(payment.InvoiceID)
  const account = store.accounts.by(store.accountByCode, payment.AccountCode.toLowerCase())
  return {
    PaymentID: payment.PaymentID,
    Date: day(payment.Date),
    BankAmount: number(payment.Amount),
    Amount: number(payment.Amount),
    Reference: payment.Reference,
    CurrencyRate: 1,
    PaymentType: invoice?.Type === 'ACCPAY' ? 'ACCPAYPAYMENT' : 'ACCRECPAYMENT',
    Status: payment.Status,
    ...updatedTwins(payment.updatedAt),
    HasAccount: account !== undefined,
    IsReconciled: payment.IsReconciled,
    ...(account ? { Account: { AccountID: account.AccountID, Code: account.Code, Name: account.Name } } : {}),
    ...(invoice ? { Invoice: invoiceElement(store, invoice, 'summary', 2) } : {}),
    HasValidationErrors: false,
  }
}

export function creditNoteElement(
  store: OrganisationStore,
  note: CreditNote,
  detail: 'full' | 'list',
  unitDecimals: 2 | 4,
): object {
  const contact = store.contacts.get(note.ContactID)
  const allocated = note.Allocations.reduce((total, a) => total.plus(a.Amount), new Big(0))
  return {
    CreditNoteID: note.CreditNoteID,
    CreditNoteNumber: note.CreditNoteNumber,
    Type: note.Type,
    Reference: note.Reference,
    RemainingCredit: Number(money(new Big(note.Total).minus(allocated))),
    Allocations: note.Allocations.map((a) => ({
      AllocationID: a.AllocationID,
      Amount: number(a.Amount),
      Date: day(a.Date),
      Invoice: { InvoiceID: a.InvoiceID, InvoiceNumber: store.invoices.get(a.InvoiceID)?.InvoiceNumber ?? '' },
    })),
    Payments: [],
    HasAttachments: false,
    HasErrors: false,
    Contact: contact ? { ContactID: contact.ContactID, Name: contact.Name } : { ContactID: note.ContactID },
    ...dayTwins('Date', note.Date),
    Status: note.Status,
    LineAmountTypes: note.LineAmountTypes,
    LineItems: detail === 'full' ? note.LineItems.map((line) => lineElement(store, line, unitDecimals)) : [],
    SubTotal: number(note.SubTotal),
    TotalTax: number(note.TotalTax),
    Total: number(note.Total),
    ...updatedTwins(note.updatedAt),
    CurrencyCode: note.CurrencyCode,
  }
}
