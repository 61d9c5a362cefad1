import { AppError, derivedId } from '@afo/kit'
import type { JobHandler } from '@afo/service'
import { expectOk, type XeroInvoice } from '@afo/xero'
import type { Store } from '../adapters/store.js'
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
      const xeroId = invoice.xeroInvoiceId
      const document = await ledger.get(xeroId, signal)
      const xeroStatus = document ? await retire(ledger, document, signal) : 'DELETED'
      if (!(await store.void(invoiceId, { xeroId, xeroStatus, by: message.id }))) await mustBeOver(store, invoiceId)
    }
    await say(
      [{ id: derivedId('invoice.voided', invoiceId), name: 'invoice.voided', key: invoiceId, body: { invoiceId } }],
      message,
    )
    return freed(invoice.number, 'voided')
  }

/** @throws AppError `notReady` where it changed while Xero was asked: what was heard is of another document, or of another organisation */
async function mustBeOver(store: Store, invoiceId: string): Promise<void> {
  const [invoice] = await store.read([invoiceId])
  if (invoice?.state !== 'voided')
    throw new AppError('notReady', 'The invoice has changed meanwhile', { code: 'changed' })
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
