import { AppError, derivedId } from '@afo/kit'
import type { JobHandler } from '@afo/service'
import { expectOk } from '@afo/xero'
import type { Ports } from '../ports.js'

const over: readonly string[] = ['VOIDED', 'DELETED']

/** invoices.void: in Xero first, then here; the timesheets are free again. Xero is asked before each try, so that a lost answer is found. */
export const voidInvoice =
  ({ store, ledger, say }: Pick<Ports, 'store' | 'ledger' | 'say'>): JobHandler<'invoices.void'> =>
  async (message, { signal }) => {
    const { invoiceId } = message.body
    const [invoice] = await store.read([invoiceId])
    if (!invoice) throw new AppError('invalid', 'There is no such invoice', { status: 404, code: 'not-found' })
    if (invoice.state !== 'voided') {
      if (invoice.state !== 'issued' || !invoice.xeroInvoiceId)
        throw new AppError('rejected', `An invoice that is ${invoice.state} can't be voided`, { code: 'not-issued' })
      const document = await ledger.get(invoice.xeroInvoiceId, signal)
      if (!document) throw new AppError('rejected', 'Xero no longer knows the invoice', { code: 'AFO-501' })
      const status = over.includes(document.status)
        ? document.status
        : expectOk(
            await ledger.retire(
              document.invoiceID,
              document.status === 'AUTHORISED' || document.status === 'PAID' ? 'VOIDED' : 'DELETED',
              signal,
            ),
          ).status
      await store.void(invoiceId, status, message.id)
    }
    await say(
      [{ id: derivedId('invoice.voided', invoiceId), name: 'invoice.voided', key: invoiceId, body: { invoiceId } }],
      message,
    )
    return {
      result: { number: invoice.number, summary: `${invoice.number} voided, its timesheets can be billed again` },
    }
  }
