import { expectOk, type XeroApi } from '@afo/xero'
import type { Ledger } from '../ports.js'

const perLookup = 40
const standing = ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'PAID']

/** Invoices in Xero. Making them comes before schedules; their notes come last. */
export function createLedger(xero: XeroApi): Ledger {
  return {
    create: (documents, idempotencyKey, signal) =>
      xero.invoices.create(documents, { priority: 'invoice', idempotencyKey, signal }),
    ofDay: async (contacts, day, signal) => {
      const date = `DateTime(${day.split('-').map(Number).join(', ')})`
      const where = `Type=="ACCREC" AND Date>=${date} AND Date<=${date}`
      const found = []
      for (let at = 0; at < contacts.length; at += perLookup) {
        const some = contacts.slice(at, at + perLookup)
        const query = { contacts: some, statuses: standing, where, page: 1, pageSize: 1_000 }
        found.push(...expectOk(await xero.invoices.list(query, { priority: 'invoice', signal })).items)
      }
      return found
    },
    find: async (numbers, signal) => {
      const found = []
      for (let at = 0; at < numbers.length; at += perLookup) {
        const query = { numbers: numbers.slice(at, at + perLookup), page: 1, pageSize: 1_000 }
        found.push(...expectOk(await xero.invoices.list(query, { priority: 'invoice', signal })).items)
      }
      return found
    },
    get: async (xeroInvoiceId, signal) => {
      const query = { ids: [xeroInvoiceId], page: 1, pageSize: 1 }
      return expectOk(await xero.invoices.list(query, { priority: 'person', signal })).items[0] ?? null
    },
    retire: (xeroInvoiceId, status, signal) =>
      xero.invoices.setStatus(xeroInvoiceId, status, { priority: 'person', signal }),
    notes: async (xeroInvoiceId, signal) =>
      expectOk(await xero.invoices.history(xeroInvoiceId, { priority: 'reconcile', signal })).map((n) => n.details),
    addNote: (xeroInvoiceId, text, signal) =>
      xero.invoices.addHistory(xeroInvoiceId, text, { priority: 'reconcile', signal }),
  }
}
