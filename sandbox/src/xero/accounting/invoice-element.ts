import { Big } from 'big.js'
import { amountDue } from '../rules/invoice-rules.js'
import { money } from '../rules/money.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Contact, Invoice, LineItem } from '../store/types.js'
import { contactElement } from './contact-element.js'
import { day, dayTwins, number, rounded, updatedTwins } from './wire.js'

export function lineElement(store: OrganisationStore, line: LineItem, unitDecimals: 2 | 4): object {
  const item = line.ItemCode ? store.items.by(store.itemByCode, line.ItemCode.toLowerCase()) : undefined
  const account = line.AccountCode ? store.accounts.by(store.accountByCode, line.AccountCode.toLowerCase()) : undefined
  return {
    ...(line.ItemCode ? { ItemCode: line.ItemCode } : {}),
    ...(line.Description ? { Description: line.Description } : {}),
    ...(line.UnitAmount === undefined ? {} : { UnitAmount: rounded(line.UnitAmount, unitDecimals) }),
    ...(line.TaxType ? { TaxType: line.TaxType } : {}),
    TaxAmount: number(line.TaxAmount),
    LineAmount: number(line.LineAmount),
    ...(line.AccountCode ? { AccountCode: line.AccountCode } : {}),
    ...(account ? { AccountID: account.AccountID } : {}),
    ...(item ? { Item: { ItemID: item.ItemID, Name: item.Name ?? '', Code: item.Code } } : {}),
    Tracking: line.Tracking,
    ...(line.Quantity === undefined ? {} : { Quantity: number(line.Quantity) }),
    ...(line.DiscountRate === undefined ? {} : { DiscountRate: number(line.DiscountRate) }),
    ...(line.DiscountAmount === undefined ? {} : { DiscountAmount: number(line.DiscountAmount) }),
    LineItemID: line.LineItemID,
  }
}

/** How much of an invoice a read shows: `list` (unpaged) has no lines, `summary` no payments either. */
export type InvoiceDetail = 'full' | 'list' | 'summary'

export function invoiceElement(
  store: OrganisationStore,
  invoice: Invoice,
  detail: InvoiceDetail,
  unitDecimals: 2 | 4,
): object {
  const contact = store.contacts.get(invoice.ContactID)
  return {
    Type: invoice.Type,
    InvoiceID: invoice.InvoiceID,
    InvoiceNumber: invoice.InvoiceNumber,
    ...(invoice.Type === 'ACCREC' ? { Reference: invoice.Reference } : {}),
    ...(invoice.Url ? { Url: invoice.Url } : {}),
    ...(detail === 'summary' ? {} : settlements(store, invoice)),
    AmountDue: Number(amountDue(invoice).toFixed(2)),
    AmountPaid: number(invoice.AmountPaid),
    AmountCredited: number(invoice.AmountCredited),
    CurrencyRate: number(invoice.CurrencyRate),
    SentToContact: invoice.SentToContact,
    IsDiscounted: !new Big(invoice.TotalDiscount).eq(0),
    HasAttachments: false,
    HasErrors: false,
    Contact: invoiceContact(store, contact, invoice.ContactID, detail),
    ...dayTwins('Date', invoice.Date),
    ...dayTwins('DueDate', invoice.DueDate),
    ...(invoice.ExpectedPaymentDate ? { ExpectedPaymentDate: day(invoice.ExpectedPaymentDate) } : {}),
    ...(invoice.PlannedPaymentDate ? { PlannedPaymentDate: day(invoice.PlannedPaymentDate) } : {}),
    ...(invoice.BrandingThemeID ? { BrandingThemeID: invoice.BrandingThemeID } : {}),
    Status: invoice.Status,
    LineAmountTypes: invoice.LineAmountTypes,
    ...(detail === 'summary'
      ? {}
      : {
          LineItems: detail === 'full' ? invoice.LineItems.map((line) => lineElement(store, line, unitDecimals)) : [],
        }),
    SubTotal: number(invoice.SubTotal),
    TotalTax: number(invoice.TotalTax),
    Total: number(invoice.Total),
    ...(new Big(invoice.TotalDiscount).eq(0) ? {} : { TotalDiscount: number(invoice.TotalDiscount) }),
    ...updatedTwins(invoice.updatedAt),
    CurrencyCode: invoice.CurrencyCode,
    ...(invoice.FullyPaidOnDate ? { FullyPaidOnDate: day(invoice.FullyPaidOnDate) } : {}),
  }
}

function invoiceContact(
  store: OrganisationStore,
  contact: Contact | undefined,
  ContactID: string,
  detail: InvoiceDetail,
): object {
  if (!contact) return { ContactID }
  if (detail === 'full') return contactElement(store, contact, 'list')
  return {
    ContactID,
    Name: contact.Name,
    ContactGroups: [],
    ContactPersons: [],
    Addresses: [],
    Phones: [],
    HasValidationErrors: false,
  }
}

function settlements(store: OrganisationStore, invoice: Invoice): object {
  const payments = store.payments
    .allBy(store.paymentByInvoice, invoice.InvoiceID)
    .filter((p) => p.Status === 'AUTHORISED')
  const notes = store.creditNotes.allBy(store.creditByInvoice, invoice.InvoiceID).filter((n) => n.Status !== 'VOIDED')
  return {
    Payments: payments.map((p) => ({
      PaymentID: p.PaymentID,
      Date: day(p.Date),
      Amount: number(p.Amount),
      Reference: p.Reference,
      CurrencyRate: 1,
      HasAccount: false,
      HasValidationErrors: false,
    })),
    CreditNotes: notes.map((n) => ({
      CreditNoteID: n.CreditNoteID,
      CreditNoteNumber: n.CreditNoteNumber,
      ...dayTwins('Date', n.Date),
      Total: number(n.Total),
      AppliedAmount: Number(
        money(
          n.Allocations.filter((a) => a.InvoiceID === invoice.InvoiceID).reduce((s, a) => s.plus(a.Amount), new Big(0)),
        ),
      ),
      HasErrors: false,
    })),
    Prepayments: [],
    Overpayments: [],
  }
}
