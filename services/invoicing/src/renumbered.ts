import { isAlike, taken } from '@afo/billing'
import type { InvoiceOutcome, InvoiceWork } from '@afo/contracts'
import type { Ports } from './ports.js'

/**
 * Of invoices that Xero doesn't have under their numbers: which it may have under others. A person may have given a document of ours another number while
 * nobody could look it up, and sent again it would be in the books twice. One call each, for the few that would be sent anew.
 */
export async function seekRenumbered(
  { ledger, store, times }: Pick<Ports, 'ledger' | 'store' | 'times'>,
  invoices: readonly InvoiceWork[],
  signal: AbortSignal,
): Promise<{ readonly outcomes: readonly InvoiceOutcome[]; readonly missing: readonly InvoiceWork[] }> {
  const outcomes: InvoiceOutcome[] = []
  const missing: InvoiceWork[] = []
  for (const invoice of invoices) {
    const { contactId, alsoContacts = [], issuedOn } = invoice
    const documents = await ledger.ofDay([contactId, ...alsoContacts], issuedOn, signal)
    const alike = documents.filter((document) => document.date === issuedOn && isAlike(invoice, document))
    const known = alike.length > 0 ? await store.known(alike) : []
    const stranger = alike.find(({ invoiceID }) => !known.includes(invoiceID))
    if (stranger) outcomes.push(taken(invoice, stranger, false, times.personMs))
    else missing.push(invoice)
  }
  return { outcomes, missing }
}
