import type { Verdict } from '@afo/contracts'
import type { XeroContact } from '@afo/xero'
import type { Ports } from '../ports.js'

/** Whether Xero has a contact of each of these clients: by the link, else by the number that every contact of ours gets. One call each. */
export const giveVerdicts =
  ({ contacts, store }: Pick<Ports, 'contacts' | 'store'>) =>
  async (clientIds: readonly string[], signal: AbortSignal) => {
    const call = { priority: 'person', signal } as const
    const verdicts: { entityId: string; verdict: Verdict }[] = []
    for (const { clientId, name, contactId, busy } of await store.doubt(clientIds)) {
      const found = contactId ? await contacts.byIds([contactId], call) : await contacts.ofClient(clientId, call)
      const usable = found.find((c) => !c.mergedToContactID && c.contactStatus === 'ACTIVE')
      const told = tell(usable ?? found[0], name, busy)
      verdicts.push({ entityId: clientId, verdict: { ...told, calls: 1, at: new Date().toISOString() } })
    }
    return verdicts
  }

function tell(contact: XeroContact | undefined, name: string, busy: boolean): Omit<Verdict, 'calls' | 'at'> {
  if (contact) {
    const because = `Already in Xero as the contact "${contact.name}": a retry sends only what differs.`
    const { contactID: id, contactStatus: status } = contact
    return { verdict: 'there', because, xero: { id, name: contact.name ?? '', status: status ?? '', total: null } }
  }
  if (busy) return { verdict: 'unsure', because: `Can't tell yet: ${name} is being sent at this moment.`, xero: null }
  return { verdict: 'safe', because: `Xero has no contact of ${name}.`, xero: null }
}
