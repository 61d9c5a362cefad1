import { dateIn, isOpen, issued, judge, mayBeThere, tell } from '@afo/billing'
import type { Verdict } from '@afo/contracts'
import { saysIssued } from '../core/facts.js'
import type { Ports } from '../ports.js'

/**
 * What Xero has of these invoices: one call for up to 40 of them. What is found to be ours is taken over at once. That needs no lease: the fence lets
 * one do it, and whoever sends meanwhile is refused by Xero, since the number is taken, and finds the same.
 */
export async function giveVerdicts(ports: Ports, ids: readonly string[], signal: AbortSignal) {
  const { store, ledger, say, times, now, newId, zone } = ports
  const invoices = await store.read(ids)
  const asked = invoices.filter(mayBeThere).map(({ number }) => number)
  const documents = await ledger.find(asked, signal)
  const at = now()

  const ours = invoices.flatMap((invoice) => {
    const found = judge(invoice, documents)
    return isOpen(invoice) && mayBeThere(invoice) && found.is === 'ours' ? [{ invoice, document: found.document }] : []
  })
  const adopted = new Set(
    await store.settle(ours.map(({ invoice, document }) => issued(invoice, document, dateIn(at, zone)))),
  )
  const says = ours.flatMap(({ invoice, document }) =>
    adopted.has(invoice.id) ? saysIssued(invoice, document.invoiceID) : [],
  )
  const cause = newId()
  if (says.length > 0) await say(says, { id: cause, correlationId: cause })

  return invoices.map((invoice): { entityId: string; verdict: Verdict } => ({
    entityId: invoice.id,
    verdict: { ...tell(invoice, documents, times.leaseMs), calls: mayBeThere(invoice) ? 1 : 0, at },
  }))
}
