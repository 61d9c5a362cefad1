import { expectOk, type XeroApi } from '@afo/xero'
import type { Ledger } from '../ports.js'

const pageSize = 1_000

export const createLedger = (xero: XeroApi): Ledger => ({
  byIds: async (ids, priority, signal) =>
    expectOk(await xero.invoices.list({ ids, page: 1, pageSize }, { priority, signal })).items,
  changed: async (modifiedSince, page, signal) => {
    const query = { modifiedSince, page, pageSize, where: 'Type=="ACCREC"' }
    const { items, pageCount } = expectOk(await xero.invoices.list(query, { priority: 'schedule', signal }))
    return { items, more: page < pageCount }
  },
})
