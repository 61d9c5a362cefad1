import type { LinkedClient, PlannedClient, UnlinkedClient } from '@afo/contracts'
import { clean } from './clean.js'
import { planCreate, planExchange, type Switches } from './exchange.js'
import { planLink } from './link.js'

/** What a sync would do with a client that has no contact, field by field. */
export function previewUnlinked(client: UnlinkedClient, switches: Switches): PlannedClient {
  const plan = planLink(client)
  const row = { clientId: client.clientId, name: client.ours.name ?? '', contactId: null, fields: [] }
  if (plan.kind === 'ask') return { ...row, action: 'ask', reason: plan.reason }
  if (plan.kind === 'wait') return { ...row, action: 'ask', reason: 'linked-elsewhere' }
  if (plan.kind === 'create') {
    const { send, outcome } = planCreate(client)
    if (outcome.failure) return { ...row, action: 'refuse', reason: outcome.failure.message }
    return { ...row, action: 'create', reason: null, fields: listed(send, null, clean(client.ours), 'to-xero') }
  }
  const contact = client.candidates.find((c) => c.contactId === plan.contactId)
  if (!contact) return { ...row, action: 'ask', reason: 'several' }
  const asLinked = { ...client, contact, base: {}, number: null, version: 0, changedAt: '', readAt: '' }
  const linked = previewLinked(asLinked, switches)
  return { ...linked, action: 'link', reason: contact.by.join(', ') }
}

/** What a sync would do with a linked client, field by field. */
export function previewLinked(client: LinkedClient, switches: Switches): PlannedClient {
  const { send, outcome } = planExchange(client, switches)
  const { fields: theirs, contactId } = client.contact
  const ours = clean(client.ours)
  const asked = Object.fromEntries(outcome.conflicts.map(({ field }) => [field, null]))
  return {
    clientId: client.clientId,
    name: client.ours.name ?? '',
    contactId,
    action: outcome.failure ? 'refuse' : 'change',
    reason: outcome.failure?.message ?? null,
    fields: [
      ...listed(send, theirs, ours, 'to-xero'),
      ...listed(outcome.take, theirs, ours, 'to-us'),
      ...listed(asked, theirs, ours, 'asked'),
    ],
  }
}

type Listed = PlannedClient['fields'][number]

const listed = (
  fields: object,
  theirs: LinkedClient['contact']['fields'] | null,
  ours: UnlinkedClient['ours'],
  goes: Listed['goes'],
): Listed[] =>
  (Object.keys(fields) as Listed['field'][]).map((field) => ({
    field,
    ours: ours[field],
    theirs: theirs?.[field] ?? null,
    goes,
  }))
