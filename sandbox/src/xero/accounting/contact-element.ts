import { Big } from 'big.js'
import { amountDue } from '../rules/invoice-rules.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import { addressTypes, type Contact, contactTexts, type Invoice, phoneTypes } from '../store/types.js'
import { instant } from './wire.js'

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
  store.trade.has(`${contactId} ${type}`)

function balances(store: OrganisationStore, contactId: string): object {
  const open = store.invoices.allBy(store.invoiceByContact, contactId).filter((i) => i.Status === 'AUTHORISED')
  const due = (type: Invoice['Type']) =>
    open.filter((i) => i.Type === type).reduce((sum, i) => sum.plus(amountDue(i)), new Big(0))
  if (open.length === 0) return {}
  const side = (type: Invoice['Type']) => ({ Outstanding: Number(due(type).toFixed(2)), Overdue: 0 })
  return { Balances: { AccountsReceivable: side('ACCREC'), AccountsPayable: side('ACCPAY') } }
}
