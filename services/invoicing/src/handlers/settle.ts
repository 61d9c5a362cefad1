import type { Handler } from '@afo/bus'
import { saysIssued } from '../core/facts.js'
import { createDelivery } from '../deliver.js'
import type { Ports } from '../ports.js'

/** invoices.settle: finishes what somebody began and didn't end: claimed, sending or unknown. What still isn't clear has a time to be looked at again. */
export const settleInvoices = (ports: Ports): Handler<'invoices.settle'> => {
  const deliver = createDelivery(ports)
  return async (message, { signal }) => {
    const { store, reference, times } = ports
    const { invoiceIds } = message.body
    const taken = await store.takeAbandoned(invoiceIds, times.leaseMs)
    if (taken.length > 0) {
      const { timeZone } = await reference({ priority: 'invoice', signal })
      await deliver(taken, { cause: message, timeZone, signal })
    }
    return (await store.read(invoiceIds)).flatMap((invoice) =>
      invoice.noteDue && invoice.xeroInvoiceId ? saysIssued(invoice, invoice.xeroInvoiceId) : [],
    )
  }
}
