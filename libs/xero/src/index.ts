export * from './api.js'
export * from './outcome.js'
export type { Problem } from './problem.js'
export * from './types.js'
export type {
  HistoryNote,
  XeroAccount,
  XeroContact,
  XeroInvoice,
  XeroItem,
  XeroOrganisation,
  XeroTaxRate,
  XeroTrackingCategory,
} from './wire.js'
