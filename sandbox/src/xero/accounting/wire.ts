import { Big } from 'big.js'
import { amountDue } from '../rules/invoice-rules.js'
import { money } from '../rules/money.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import {
  addressTypes,
  type Contact,
  type CreditNote,
  contactTexts,
  type HistoryRecord,
  type Invoice,
  type Item,
  type ItemPrice,
  type LineItem,
  type Payment,
  phoneTypes,
} from '../store/types.js'

/** An instant as Xero writes it. */
export const instant = (ms: number): string => `/Date(${ms}+0000)/`

/** A calendar date: midnight UTC of that day. */
export const day = (iso: string): string => instant(Date.parse(`${iso}T00:00:00Z`))

const dayTwins = (field: string, iso: string | undefined) =>
  iso ? { [`${field}String`]: `${iso}T00:00:00`, [field]: day(iso) } : {}
const secondsIso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
const updatedTwins = (ms: number) => ({ UpdatedDateUTC: instant(ms), UpdatedDateUTCString: secondsIso(ms) })

/** Exact up to 15 significant digits, which is more than Xero keeps. */
const number = (decimal: string): number => Number(decimal)
const rounded = (decimal: string, places: number): number => Number(new Big(decimal).toFixed(places))

/** How much of a contact a read shows: `list` is an unpaged list, `summary` the summaryOnly form. */
export type ContactDetail = 'full' | 'list' | 'summary'

const defaults: readonly string[] = ['SalesDefaultAccountCode', 'PurchasesDefaultAccountCode']

export function contactElement(store: OrganisationStore, contact: Contact, detail: ContactDetail): object {
  const texts = Object.fromEntries(
    Object.keys(contactTexts).flatMap((field) => {
      const value = contact[field as keyof typeof contactTexts]
      return value === undefined || (detail !== 'full' && defaults.includes(field)) ? [] : [[field, value]]
    }),
  )
  const base = {
    ContactID: contact.ContactID,
    ContactStatus: contact.ContactStatus,
    EmailAddress: '',
    BankAccountDetails: '',
    ...texts,
  }
  const rest = { UpdatedDateUTC: instant(contact.updatedAt), HasAttachments: false, HasValidationErrors: false }
  if (detail === 'summary') return { ...base, Phones: phones(contact), ...rest }
  const trade = {
    Addresses: addresses(contact),
    Phones: phones(contact),
    ContactGroups: [],
    IsSupplier: hasInvoices(store, contact.ContactID, 'ACCPAY'),
    IsCustomer: hasInvoices(store, contact.ContactID, 'ACCREC'),
  }
  if (detail === 'list') return { ...base, ...trade, ContactPersons: [], ...rest }
  return {
    ...base,
    ...(contact.MergedToContactID ? { MergedToContactID: contact.MergedToContactID } : {}),
    ...trade,
    ContactPersons: contact.ContactPersons,
    SalesTrackingCategories: [],
    PurchasesTrackingCategories: [],
    ...(contact.PaymentTerms ? { PaymentTerms: contact.PaymentTerms } : {}),
    ...balances(store, contact.ContactID),
    ...rest,
  }
}

const phones = (contact: Contact) =>
  phoneTypes.map((PhoneType) => ({
    PhoneType,
    PhoneNumber: '',
    PhoneAreaCode: '',
    PhoneCountryCode: '',
    ...contact.Phones[PhoneType],
  }))

const addresses = (contact: Contact) =>
  addressTypes.map((AddressType) => ({
    AddressType,
    City: '',
    Region: '',
    PostalCode: '',
    Country: '',
    ...contact.Addresses[AddressType],
  }))

const hasInvoices = (store: OrganisationStore, contactId: string, type: Invoice['Type']) =>
  store.invoices
    .allBy(store.invoiceByContact, contactId)
    .some((i) => i.Type === type && i.Status !== 'DELETED' && i.Status !== 'VOIDED')

function balances(store: OrganisationStore, contactId: string): object {
  const open = store.invoices.allBy(store.invoiceByContact, contactId).filter((i) => i.Status === 'AUTHORISED')
  const due = (type: Invoice['Type']) =>
    open.filter((i) => i.Type === type).reduce((sum, i) => sum.plus(amountDue(i)), new Big(0))
  if (open.length === 0) return {}
  const side = (type: Invoice['Type']) => ({ Outstanding: Number(due(type).toFixed(2)), Overdue: 0 })
  return { Balances: { AccountsReceivable: side('ACCREC'), AccountsPayable: side('ACCPAY') } }
}

function price({ UnitPrice, AccountCode, TaxType }: ItemPrice, unitDecimals: 2 | 4): object {
  return {
    ...(UnitPrice === undefined ? {} : { UnitPrice: rounded(UnitPrice, unitDecimals) }),
    ...(AccountCode ? { AccountCode } : {}),
    ...(TaxType ? { TaxType } : {}),
  }
}

export function itemElement(item: Item, unitDecimals: 2 | 4): object {
  return {
    ItemID: item.ItemID,
    Code: item.Code,
    ...(item.Description ? { Description: item.Description } : {}),
    ...(item.PurchaseDescription ? { PurchaseDescription: item.PurchaseDescription } : {}),
    UpdatedDateUTC: instant(item.updatedAt),
    PurchaseDetails: price(item.PurchaseDetails, unitDecimals),
    SalesDetails: price(item.SalesDetails, unitDecimals),
    ...(item.Name ? { Name: item.Name } : {}),
    IsTrackedAsInventory: false,
    IsSold: item.IsSold,
    IsPurchased: item.IsPurchased,
  }
}

function lineElement(store: OrganisationStore, line: LineItem, unitDecimals: 2 | 4): object {
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

export const historyElement = (record: HistoryRecord): object => ({
  Changes: record.Changes,
  DateUTCString: new Date(record.at).toISOString().slice(0, 19),
  DateUTC: instant(record.at),
  User: record.User,
  Details: record.Details,
})
