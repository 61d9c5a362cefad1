export type {
  HistoryNote,
  XeroAccount,
  XeroContact,
  XeroInvoice,
  XeroItem,
  XeroOrganisation,
  XeroTaxRate,
  XeroTrackingCategory,
} from './answers.js'
export * as answers from './answers.js'
export { contactBody, invoiceBody, sameContact } from './bodies.js'
export { type Problem, problemOf } from './problem.js'
export * from './readings.js'
export { redact } from './redact.js'
export { ianaTimeZone } from './time-zone.js'
export type { ContactWrite, InvoiceWrite, LineItemWrite } from './writes.js'
