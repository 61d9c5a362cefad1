export type { Limits, Priority, RunScript, ThrottleReason } from '@afo/limiter'
export type {
  ContactWrite,
  ElementResult,
  HistoryNote,
  InvoiceWrite,
  Page,
  Problem,
  XeroAccount,
  XeroContact,
  XeroInvoice,
  XeroItem,
  XeroOrganisation,
  XeroTaxRate,
  XeroTrackingCategory,
} from '@afo/wire'
export { ianaTimeZone } from '@afo/wire'
export type { XeroOptions } from './call.js'
export * from './outcome.js'
export type { CallRecord } from './record.js'
export * from './types.js'
export * from './xero.js'
