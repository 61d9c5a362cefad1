import type { Difference } from './differences.js'

/** Our page of what differs; null where there is none. */
export function ourPlace({ entity, ourId, name }: Difference): string | null {
  if (ourId === null) return null
  const places = {
    contact: `/contacts/${ourId}`,
    item: `/items?${new URLSearchParams({ q: name })}`,
    invoice: `/invoices/${ourId}`,
    payment: `/invoices/${ourId}`,
  }
  return places[entity]
}

/** Its page in Xero, under the address of Xero's front; null where it isn't there or has none. */
export function xeroPlace({ entity, kind, xeroId }: Difference): string | null {
  if (xeroId === null || kind === 'missing-there' || entity === 'item') return null
  return entity === 'contact' ? `/Contacts/View/${xeroId}` : `/AccountsReceivable/View.aspx?InvoiceID=${xeroId}`
}
