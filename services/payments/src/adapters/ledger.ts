import { expectOk, type XeroApi } from '@afo/xero'
import type { Ledger } from '../ports.js'

const pageSize = 1_000
/** Newest first: a change while paging shows something twice and leaves nothing out. */
const order = 'UpdatedDateUTC DESC'

export const createLedger = (xero: XeroApi): Ledger => ({
  byIds: async (ids, priority, signal) =>
    expectOk(await xero.invoices.list({ ids, page: 1, pageSize }, { priority, signal })),
  changed: async (modifiedSince, page, signal) => {
    const query = { modifiedSince, page, pageSize, order, where: 'Type=="ACCREC"' }
    const { items, pageCount, at } = expectOk(await xero.invoices.list(query, { priority: 'schedule', signal }))
    return { items, more: page < pageCount, at }
  },
})
