import type { FailureCode, InvoiceOutcome, InvoiceWork } from '@afo/contracts'
import type { XeroInvoice } from '@afo/wire'
import { sameAmount } from './money.js'
import { paymentStatus } from './payment-status.js'

export type Found =
  | { readonly is: 'ours' | 'alike' | 'foreign'; readonly document: XeroInvoice }
  | { readonly is: 'absent' }

const gone = ['VOIDED', 'DELETED']

/**
 * What the documents that Xero has under our number say of our invoice. Ours is the one with its number, contact, reference, net and date, whatever
 * became of it since: a total that differs by its tax alone is a rate that was changed, and {@link issued} tells. With another date it is alike: last
 * month's of the same work, or ours, dated anew by a person. A deleted one that isn't ours gave its number back.
 */
export function judge(invoice: InvoiceWork, documents: readonly XeroInvoice[]): Found {
  const named = documents.filter((d) => d.type === 'ACCREC' && sameNumber(d.invoiceNumber, invoice.number))
  const ours = named.find((d) => isAlike(invoice, d) && d.date === invoice.issuedOn)
  if (ours) return { is: 'ours', document: ours }
  const other = named.find((d) => d.status !== 'DELETED')
  if (!other) return { is: 'absent' }
  return { is: isAlike(invoice, other) ? 'alike' : 'foreign', document: other }
}

// Xero compares numbers without case.
const sameNumber = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase()

/** Whether a document is for the invoice's contact, or for what that one was merged into since. */
export function sameContact({ contactId, alsoContacts = [] }: InvoiceWork, { contact }: XeroInvoice): boolean {
  const id = contact?.contactID?.toLowerCase()
  return [contactId, ...alsoContacts].some((one) => one.toLowerCase() === id)
}

/** Whether a document asks the same contact for the same money under the same reference. */
export const isAlike = (invoice: InvoiceWork, document: XeroInvoice): boolean =>
  sameContact(invoice, document) &&
  (document.reference ?? '').trim() === (invoice.reference ?? '').trim() &&
  sameAmount(document.subTotal, invoice.net)

/** The end of an invoice whose document is in Xero. Totals that differ from ours are never taken in silence. */
export function issued(invoice: InvoiceWork, document: XeroInvoice, today: string): InvoiceOutcome {
  const differs =
    !sameAmount(document.total, invoice.total) ||
    !sameAmount(document.totalTax, invoice.tax) ||
    !sameAmount(document.subTotal, invoice.net)
  return {
    to: 'issued',
    id: invoice.id,
    fence: invoice.fence,
    xeroInvoiceId: document.invoiceID,
    xeroStatus: document.status,
    updatedAt: document.updatedDateUTC,
    total: document.total,
    amountDue: document.amountDue,
    amountPaid: document.amountPaid,
    amountCredited: document.amountCredited,
    paymentStatus: paymentStatus({ ...document, dueDate: document.dueDate ?? invoice.dueOn }, today),
    ...(differs
      ? {
          code: 'AFO-502' as const,
          message: `Xero computed ${document.subTotal} + ${document.totalTax} = ${document.total}; ours is ${invoice.net} + ${invoice.tax} = ${invoice.total}`,
          details: { ours: invoice.total, xero: document.total },
        }
      : {}),
  }
}

/**
 * Another document has our number, or ours has another one. Where our one request was plainly refused and it is nothing like ours, where it is void, or where a person says so, it
 * isn't ours: the hours are free again and the number is spent. Else it may be ours, edited before we saw it, or made before our database was set back: a
 * person decides, and nothing is billed again until then.
 */
export function taken(invoice: InvoiceWork, document: XeroInvoice, isForeign: boolean, waitMs: number): InvoiceOutcome {
  const { id, fence, number } = invoice
  const code: FailureCode = 'AFO-415'
  const its = `${document.contact?.name ?? 'another contact'}, ${document.total}, of ${document.date}, ${document.status}`
  const message = sameNumber(document.invoiceNumber, number)
    ? `${number} in Xero is for ${its}; ours is ${invoice.total}, of ${invoice.issuedOn}`
    : `${number} is not in Xero, but ${document.invoiceNumber ?? 'one without a number'} is just like it: for ${its}`
  const details = { xeroInvoiceId: document.invoiceID }
  if (isForeign || gone.includes(document.status))
    return { to: 'refused', id, fence, code, message, details, spent: `taken in Xero by ${document.invoiceID}` }
  return { to: 'unknown', id, fence, code, message, details, waitMs }
}

export const refused = ({ id, fence }: InvoiceWork, messages: readonly string[]): InvoiceOutcome => {
  const message = messages.join(' ') || 'Xero gave no reason'
  return { to: 'refused', id, fence, code: codeOf(message), message, spent: null }
}

export const unsure = ({ id, fence }: InvoiceWork, reason: string, waitMs: number): InvoiceOutcome => ({
  to: 'unknown',
  id,
  fence,
  code: 'AFO-416',
  message: reason,
  waitMs,
})

/** Which plain words go with a refusal. Only the words: what is done about it is the same for all. */
const phrases: readonly (readonly [RegExp, FailureCode])[] = [
  [/contact must be specified/i, 'AFO-401'],
  [/archived contact|contact.*archived/i, 'AFO-402'],
  [/account code must be specified/i, 'AFO-407'],
  [/TaxType code|tax (rate|type)/i, 'AFO-409'],
  [/account code/i, 'AFO-408'],
  [/lock date/i, 'AFO-410'],
  [/not subscribed to currency/i, 'AFO-411'],
  [/line items must be specified/i, 'AFO-413'],
  [/tracking/i, 'AFO-419'],
]
const codeOf = (message: string): FailureCode => phrases.find(([pattern]) => pattern.test(message))?.[1] ?? 'AFO-499'
