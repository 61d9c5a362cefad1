import { AppError } from '@afo/kit'
import type { Handlers } from '../ports.js'
import { ask } from './commands.js'

export const invoices = {
  voidInvoice: async ({ params: { id: invoiceId } }, ctx) => {
    const { state } = await ctx.store.invoice(invoiceId)
    if (!['issued', 'voided', 'unknown'].includes(state))
      throw new AppError('rejected', `An invoice that is ${state} can't be voided`, { code: 'not-issued' })
    return ask(ctx, 'invoices.void', { invoiceId })
  },
  listInvoiceCalls: async ({ params: { id } }, { store }) => ({ status: 200, body: await store.invoiceCalls(id) }),
} satisfies Partial<Handlers>
