import type { Difference, InvoiceFacts } from '@afo/contracts'
import type { XeroInvoice } from '@afo/xero'
import { amount, type Compared, field, type Subject, whole } from './difference.js'

type Invoice = NonNullable<InvoiceFacts['invoice']>

const ended = (status: string) => status === 'VOIDED' || status === 'DELETED'
const underWay = ['claimed', 'sending', 'unknown']

/** A page of Xero's sales invoices beside ours. What the office wrote in Xero by hand is nobody's business here. */
export function compareInvoices(documents: readonly XeroInvoice[], facts: readonly InvoiceFacts[]): Compared {
  const ours = new Map(facts.map((fact) => [fact.xeroId, fact]))
  const compared = documents.map((document) => {
    const fact = ours.get(document.invoiceID)
    return fact?.invoice
      ? { seen: [fact.invoice.id], differences: known(document, fact.invoice) }
      : { seen: [], differences: fact?.series ? stranger(document) : [] }
  })
  return { seen: compared.flatMap((c) => c.seen), differences: compared.flatMap((c) => c.differences) }
}

function stranger({ invoiceID, invoiceNumber, status }: XeroInvoice): Difference[] {
  if (ended(status)) return []
  const subject: Subject = { entity: 'invoice', ourId: null, xeroId: invoiceID, name: invoiceNumber ?? '' }
  return [whole(subject, 'missing-here', 'Bears a number of our series, and was not made here. Ask who wrote it.')]
}

function known(theirs: XeroInvoice, ours: Invoice): Difference[] {
  const name = ours.number ?? theirs.invoiceNumber ?? ''
  const subject: Subject = { entity: 'invoice', ourId: ours.id, xeroId: theirs.invoiceID, name }
  if (ours.state === 'issued') return issued(subject, theirs, ours)
  // A document under way finds its own end: its number is looked up before anything else is done.
  if (underWay.includes(ours.state) || ended(theirs.status)) return []
  return ours.state === 'voided'
    ? field(subject, 'status', 'VOIDED', theirs.status, 'Voided here, and stands in Xero. Void it there.')
    : [whole(subject, 'orphan', 'Was refused here, and stands in Xero. Look at it before the number is used again.')]
}

function issued(subject: Subject, theirs: XeroInvoice, ours: Invoice): Difference[] {
  if (ended(theirs.status)) {
    const verdict = 'Voided or deleted in Xero: the next payment poll frees its hours.'
    return field(subject, 'status', ours.xeroStatus, theirs.status, verdict)
  }
  const isOurs = ours.net !== null
  return [
    ...(isOurs ? edited(subject, theirs, ours) : []),
    // Before its first reading nothing is known of what the application sent before us.
    ...(isOurs || ours.updatedAt !== null ? paid({ ...subject, entity: 'payment' }, theirs, ours) : []),
  ]
}

function edited(subject: Subject, theirs: XeroInvoice, ours: Invoice): Difference[] {
  const verdict = 'Changed in Xero after it was sent. It is not overwritten: the accountant decides which is right.'
  return [
    ...hangsElsewhere(subject, theirs, ours),
    ...field(subject, 'number', ours.number, theirs.invoiceNumber, verdict),
    ...field(subject, 'reference', ours.reference, theirs.reference, verdict),
    ...field(subject, 'date', ours.issuedOn, theirs.date, verdict),
    ...field(subject, 'currency', ours.currency, theirs.currencyCode, verdict),
    ...amount(subject, 'net', ours.net, theirs.subTotal, verdict),
    ...amount(subject, 'tax', ours.tax, theirs.totalTax, verdict),
    ...amount(subject, 'total', ours.total, theirs.total, verdict),
  ]
}

function hangsElsewhere(subject: Subject, theirs: XeroInvoice, ours: Invoice): Difference[] {
  const there = theirs.contact?.contactID ?? null
  if (there === ours.contactId) return []
  const verdict = "Hangs on another contact than its client's. Move it in Xero, or link the client anew."
  return [
    {
      ...whole(subject, 'orphan', verdict),
      field: 'contact',
      ours: ours.clientName,
      theirs: theirs.contact?.name ?? there,
    },
  ]
}

function paid(subject: Subject, theirs: XeroInvoice, ours: Invoice): Difference[] {
  const newer = theirs.updatedDateUTC !== null && (ours.updatedAt === null || theirs.updatedDateUTC > ours.updatedAt)
  const verdict = newer
    ? 'Changed in Xero since the last payment poll: the next one takes it over.'
    : 'Differs though Xero says that nothing changed since. Ask for a full payment poll.'
  return [
    ...field(subject, 'status', ours.xeroStatus, theirs.status, verdict),
    ...field(subject, 'dueOn', ours.dueOn, theirs.dueDate, verdict),
    ...field(subject, 'fullyPaidOn', ours.fullyPaidOn, theirs.fullyPaidOnDate, verdict),
    ...amount(subject, 'amountDue', ours.amountDue, theirs.amountDue, verdict),
    ...amount(subject, 'amountPaid', ours.amountPaid, theirs.amountPaid, verdict),
    ...amount(subject, 'amountCredited', ours.amountCredited, theirs.amountCredited, verdict),
  ]
}
