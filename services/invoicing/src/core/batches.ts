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
