import { defineService, jobsOf } from '@afo/service'
import { z } from 'zod'
import { createStore } from './adapters/store.js'
import { createPriceList } from './adapters/xero.js'
import { importItems } from './handlers/import.js'

/** Xero's items become activity types: daily, and when somebody asks. */
export const itemSync = defineService({
  name: 'item-sync',
  config: z.object({}),
  xero: true,
  build: (context) => {
    const { db, xero, settings } = context
    const job = jobsOf(context)
    const ports = { priceList: createPriceList(xero), store: createStore(db), settings }
    return {
      handlers: { 'items.import': job(importItems(ports)) },
      schedules: [{ name: 'items', cron: '0 2 * * *', command: 'items.import', body: {} }],
    }
  },
})
