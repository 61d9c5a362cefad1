import type { InvoiceWork } from '@afo/contracts'

/** The invoices that went in one request, by its id; what never went in one stands alone. */
export function byBatch(invoices: readonly InvoiceWork[]): [string, [InvoiceWork, ...InvoiceWork[]]][] {
  const batches = new Map<string, [InvoiceWork, ...InvoiceWork[]]>()
  for (const invoice of invoices) {
    const key = invoice.batchId ?? invoice.id
    const batch = batches.get(key)
    if (batch) batch.push(invoice)
    else batches.set(key, [invoice])
  }
  return [...batches]
}

/** Invoices and their places in the batch that was sent. */
export type Placed = readonly { readonly invoice: InvoiceWork; readonly place: number }[]

/** Those of the invoices that are in the batch of these ids. */
export const placesOf = (ids: readonly string[], invoices: readonly InvoiceWork[]): Placed =>
  ids.flatMap((id, place) => invoices.filter((invoice) => invoice.id === id).map((invoice) => ({ invoice, place })))
