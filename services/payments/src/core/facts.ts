import type { NewMessage, UnsaidChange } from '@afo/contracts'
import { derivedId } from '@afo/kit'

/** What is said of a change. The id counts the invoice's changes, so that one change has one id however often it is said. */
export function saysChange({ id, state, paymentStatus, changes }: UnsaidChange): NewMessage | null {
  if (state === 'voided')
    return { id: derivedId('invoice.voided', id), name: 'invoice.voided', key: id, body: { invoiceId: id } }
  return (
    paymentStatus && {
      id: derivedId('invoice.paid', id, String(changes)),
      name: 'invoice.paid',
      key: id,
      body: { invoiceId: id, paymentStatus },
    }
  )
}
