import { expectOk, type XeroApi } from '@afo/xero'
import type { Ports } from '../ports.js'

export const createPriceList = (xero: XeroApi): Ports['priceList'] => ({
  calledFor: xero.calledFor,
  all: async (signal) => expectOk(await xero.items.list({}, { priority: 'schedule', signal })),
})
