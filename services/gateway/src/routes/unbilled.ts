import { causeInWords } from '@afo/contracts'
import type { Handlers } from '../ports.js'

export const unbilled = {
  listUnbilled: async ({ query }, { store, settings, config }) => {
    const { items, totals, ...page } = await store.list('sync_list_unbilled', {
      ...query,
      timeZone: config.BUSINESS_TIME_ZONE,
    })
    const { invoices: invoicing } = await settings.read('sync')
    const worded = <T extends { readonly cause: string }>(row: T) => ({ ...row, ...causeInWords(row.cause, invoicing) })
    return {
      status: 200,
      body: { ...page, items: items.map(worded), totals: { ...totals, byCause: totals.byCause.map(worded) } },
    }
  },
} satisfies Partial<Handlers>
