import { AppError, derivedId } from '@afo/kit'
import type { JobHandler } from '@afo/service'
import { expectOk, type XeroInvoice } from '@afo/xero'
import type { Ledger, Ports } from '../ports.js'
import { giveUp } from './give-up.js'

const over: readonly string[] = ['VOIDED', 'DELETED']

/**
 * invoices.void: in Xero first, then here; the timesheets are free again. Xero is asked before each try, so that a lost answer is found. One that is in
 * doubt is given up, unless it is found to be ours, and then voided.
 */
export const voidInvoice =
  (ports: Ports): JobHandler<'invoices.void'> =>
  async (message, { signal }) => {
    const { store, ledger, say } = ports
    const { invoiceId } = message.body
    let [invoice] = await store.read([invoiceId])
    if (invoice?.state === 'unknown') invoice = await giveUp(ports, invoice, message, signal)
    if (invoice?.state === 'refused') return freed(invoice.number, 'given up')
    if (!invoice) throw new AppError('invalid', 'There is no such invoice', { status: 404, code: 'not-found' })
    if (invoice.state !== 'voided') {
      if (invoice.state !== 'issued' || !invoice.xeroInvoiceId)
        throw new AppError('rejected', `An invoice that is ${invoice.state} can't be voided`, { code: 'not-issued' })
      const document = await ledger.get(invoice.xeroInvoiceId, signal)
      await store.void(invoiceId, document ? await retire(ledger, document, signal) : 'DELETED', message.id)
    }
    await say(
      [{ id: derivedId('invoice.voided', invoiceId), name: 'invoice.voided', key: invoiceId, body: { invoiceId } }],
      message,
    )
    return freed(invoice.number, 'voided')
  }

const freed = (number: string, how: string) => ({
  result: { number, summary: `${number} ${how}, its timesheets can be billed again` },
})

/** Answers the status it has in Xero from then on. */
async function retire(ledger: Ledger, { invoiceID, status }: XeroInvoice, signal: AbortSignal): Promise<string> {
  if (over.includes(status)) return status
  const wanted = status === 'AUTHORISED' || status === 'PAID' ? 'VOIDED' : 'DELETED'
  return expectOk(await ledger.retire(invoiceID, wanted, signal)).status
}
