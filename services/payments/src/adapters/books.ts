import { type CallOptions, expectOk, type XeroApi } from '@afo/xero'
import type { Books } from '../ports.js'

const pageSize = 1_000
/** Newest first: a change while paging shows something twice and leaves nothing out. */
const order = 'UpdatedDateUTC DESC'

export const createBooks = (xero: XeroApi): Books => {
  const at = (signal: AbortSignal): CallOptions => ({ priority: 'reconcile', signal })
  return {
    contacts: async (page, signal) =>
      expectOk(await xero.contacts.list({ page, pageSize, order, includeArchived: true }, at(signal))),
    contactsByIds: async (ids, signal) =>
      expectOk(await xero.contacts.list({ ids, page: 1, pageSize, includeArchived: true }, at(signal))),
    items: async (signal) => expectOk(await xero.items.list({}, at(signal))),
    invoices: async (page, signal) =>
      expectOk(await xero.invoices.list({ page, pageSize, order, where: 'Type=="ACCREC"' }, at(signal))),
    invoicesByIds: async (ids, signal) => expectOk(await xero.invoices.list({ ids, page: 1, pageSize }, at(signal))),
  }
}
