import { Big } from 'big.js'
import { amountDue } from '../rules/invoice-rules.js'
import { money, sum } from '../rules/money.js'
import type { OrganisationStore } from '../store/organisation-store.js'

/** All documents of an organisation, with exact totals as text, for comparing with the other ledger to the cent. */
export function ledgerOf(store: OrganisationStore) {
  const contacts = [...store.contacts.all()]
  const invoices = [...store.invoices.all()].map((invoice) => ({
    ...invoice,
    ContactName: store.contacts.get(invoice.ContactID)?.Name ?? '',
    AmountDue: money(amountDue(invoice)),
    History: store.history(invoice.InvoiceID),
  }))
  const sales = invoices.filter((i) => i.Type === 'ACCREC')
  const standing = sales.filter((i) => i.Status !== 'VOIDED' && i.Status !== 'DELETED')
  const total = (field: 'Total' | 'TotalTax' | 'AmountDue' | 'AmountPaid' | 'AmountCredited') =>
    money(sum(standing.map((i) => new Big(i[field]))))
  return {
    organisation: store.organisation,
    contacts,
    items: [...store.items.all()],
    accounts: [...store.accounts.all()],
    taxRates: [...store.taxRates.all()],
    trackingCategories: [...store.trackingCategories.all()],
    invoices,
    payments: [...store.payments.all()],
    creditNotes: [...store.creditNotes.all()],
    totals: {
      contacts: contacts.length,
      activeContacts: contacts.filter((c) => c.ContactStatus === 'ACTIVE').length,
      items: store.items.size,
      /** Sales invoices neither voided nor deleted. */
      documents: standing.length,
      total: total('Total'),
      tax: total('TotalTax'),
      due: total('AmountDue'),
      paid: total('AmountPaid'),
      credited: total('AmountCredited'),
    },
  }
}

export type Ledger = ReturnType<typeof ledgerOf>
