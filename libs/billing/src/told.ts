import type { InvoiceWork, Verdict } from '@afo/contracts'
import type { XeroInvoice } from '@afo/wire'
import { judge, sameContact } from './verdict.js'

/** Whether a request for it may have reached the organisation in use, under this claim or the one that was refused. */
export const mayBeThere = ({ state, sends, sentElsewhere }: InvoiceWork): boolean =>
  !sentElsewhere && (state !== 'claimed' || sends > 0)

/** Of an invoice in doubt that is absent here, which says nothing. */
export const lookElsewhere =
  'Its answer was lost before another organisation was chosen. Look for it in the one before, void it there if it is, then give it up here'

/**
 * What a person is told of an invoice by the documents that Xero has under its number.
 * @param youngMs a request that is younger may still arrive at Xero
 */
export function tell(
  invoice: InvoiceWork,
  documents: readonly XeroInvoice[],
  youngMs: number,
): Omit<Verdict, 'calls' | 'at'> {
  const { number, state, sentAgeMs, sentElsewhere } = invoice
  if (sentElsewhere) {
    if (!isOpen(invoice)) return safe(`${number} was settled in the organisation that was in use before.`)
    return { verdict: 'unsure', because: `Can't tell whether ${number} was made. ${lookElsewhere}.`, xero: null }
  }
  if (!mayBeThere(invoice)) return safe(`${number} was never sent.`)
  const found = judge(invoice, documents)
  if (found.is === 'ours') {
    const end = isOpen(invoice) ? 'adopting it' : 'nothing is sent again'
    const because = `Already in Xero as ${nameOf(found.document)}: ${end}.`
    return { verdict: 'there', because, xero: shown(found.document) }
  }
  if (found.is !== 'absent') {
    const { document } = found
    if (state === 'refused' && !sameContact(invoice, document))
      return safe(`${number} is not in Xero; under its number is ${nameOf(document)}, and a retry takes another one.`)
    const because = `Can't tell: ${nameOf(document)} is in Xero under this number and differs from ours. It may be ours, edited since; look at it there.`
    return { verdict: 'unsure', because, xero: shown(document) }
  }
  if (state === 'issued') return safe(`Xero no longer has ${number}; a retry only asks for it again.`)
  if (isOpen(invoice) && (sentAgeMs ?? 0) < youngMs) {
    const because = `Can't tell yet: ${number} was sent ${Math.round((sentAgeMs ?? 0) / 1000)} s ago and may still arrive. It is looked up again by itself.`
    return { verdict: 'unsure', because, xero: null }
  }
  const then = isOpen(invoice) ? ' under its number, and is looked for under others before it is sent' : ''
  return safe(`${number} is not in Xero${then}.`)
}

export const isOpen = ({ state }: InvoiceWork): boolean => ['claimed', 'sending', 'unknown'].includes(state)

const safe = (because: string) => ({ verdict: 'safe', because, xero: null }) as const

const nameOf = ({ invoiceNumber, contact, total, status }: XeroInvoice) =>
  `${invoiceNumber} (${contact?.name ?? 'no contact'}, ${total}, ${status})`

const shown = ({ invoiceID: id, invoiceNumber, status, total }: XeroInvoice) => {
  return { id, name: invoiceNumber ?? id, status, total }
}
