export * from './api.js'
export type { XeroOptions } from './call.js'
export { createLimiter, defaultLimits, type Limits, type RunScript } from './limiter.js'
export * from './outcome.js'
export type { Problem } from './problem.js'
export * from './quota.js'
export { ianaTimeZone } from './time-zone.js'
export { createTokenClient, type TokenClientOptions } from './tokens.js'
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
export { createXero, type Xero } from './xero.js'
