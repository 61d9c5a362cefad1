import { isAlike, taken } from '@afo/billing'
import type { InvoiceOutcome, InvoiceWork } from '@afo/contracts'
import type { Ports } from './ports.js'

/**
 * Of invoices that Xero doesn't have under their numbers: which it may have under others. A person may have given a document of ours another number while
 * nobody could look it up, and sent again it would be in the books twice. One call for each day that they are of, for the few that would be sent anew.
 */
export async function seekRenumbered(
  { ledger, store, times }: Pick<Ports, 'ledger' | 'store' | 'times'>,
  invoices: readonly InvoiceWork[],
  signal: AbortSignal,
): Promise<{ readonly outcomes: readonly InvoiceOutcome[]; readonly missing: readonly InvoiceWork[] }> {
  const outcomes: InvoiceOutcome[] = []
  const missing: InvoiceWork[] = []
  for (const day of new Set(invoices.map(({ issuedOn }) => issuedOn))) {
    const some = invoices.filter(({ issuedOn }) => issuedOn === day)
    const contacts = some.flatMap(({ contactId, alsoContacts = [] }) => [contactId, ...alsoContacts])
    const documents = (await ledger.ofDay([...new Set(contacts)], day, signal)).filter(({ date }) => date === day)
    const known = documents.length > 0 ? await store.known(documents) : []
    const strangers = documents.filter(({ invoiceID }) => !known.includes(invoiceID))
    for (const invoice of some) {
      const alike = strangers.find((document) => isAlike(invoice, document))
      if (alike) outcomes.push(taken(invoice, alike, false, times.personMs))
      else missing.push(invoice)
    }
  }
  return { outcomes, missing }
}
