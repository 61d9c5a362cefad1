import { useAsk } from '../../api/hooks.js'
import type { text } from '../../text/index.js'

const GONE = 'afo-started'

export interface Step {
  readonly name: keyof typeof text.start.steps
  readonly done: boolean
  /** Where it is done. */
  readonly to: string
  /** Or what does it at once. */
  readonly job?: 'syncClients' | 'syncItems'
}

/** The way from nothing to the first paid invoice. Null while it isn't known, and for good once it has been gone. */
export function useSteps(): readonly Step[] | null {
  const enabled = localStorage.getItem(GONE) === null
  const one = { limit: 1 }
  const xero = useAsk('readXeroSettings', {}, { enabled })
  const linked = useAsk('listClients', { query: { link: 'linked', ...one } }, { enabled })
  const items = useAsk('listItems', { query: { managedByXero: true, ...one } }, { enabled })
  const invoicing = useAsk('readInvoicingSettings', {}, { enabled })
  const invoices = useAsk('listInvoices', { query: { state: 'issued', ...one } }, { enabled })
  const paid = useAsk('listInvoices', { query: { paymentStatus: 'Paid', ...one } }, { enabled })
  if (!xero.data || !linked.data || !items.data || !invoicing.data || !invoices.data || !paid.data) return null
  const { defaultAccountCode, defaultTaxType, billFrom } = invoicing.data
  const newest = invoices.data.items[0]
  const steps: readonly Step[] = [
    { name: 'connect', done: xero.data.connected, to: '/settings/xero' },
    { name: 'clients', done: linked.data.total > 0, to: '/contacts', job: 'syncClients' },
    { name: 'items', done: items.data.total > 0, to: '/items', job: 'syncItems' },
    {
      name: 'account',
      done: defaultAccountCode !== null && defaultTaxType !== null && billFrom !== null,
      to: '/settings/xero?tab=invoicing',
    },
    { name: 'bill', done: invoices.data.total > 0, to: '/invoices?tab=ready' },
    { name: 'paid', done: paid.data.total > 0, to: newest ? `/invoices/${newest.id}` : '/invoices' },
  ]
  if (steps.every(({ done }) => done)) localStorage.setItem(GONE, '1')
  return steps
}

export const nextOf = (steps: readonly Step[] | null): Step | undefined => steps?.find(({ done }) => !done)
