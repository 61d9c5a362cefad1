import {
  type ContactFailure,
  type ExchangeOutcome,
  type LinkedClient,
  type SeenContact,
  type Settings,
  type SomeFields,
  syncedFields,
  type UnlinkedClient,
} from '@afo/contracts'
import type { ContactWrite } from '@afo/wire'
import { archivedInXero, clean, objection } from './clean.js'
import { written } from './mapping.js'
import { type Merge, merge } from './merge.js'

export type Switches = Settings<'sync'>

/** What to do about one client. Without a write, `outcome` is the end of it; with one, it is what stands if Xero refuses. */
export interface ExchangePlan {
  /** As it was read, `version` being that of its contact: the write goes out only if it still is. */
  readonly client: Pick<LinkedClient, 'clientId' | 'revision' | 'syncedAt'> & Pick<ExchangeOutcome, 'link' | 'version'>
  /** Fields that go to Xero, and the write that carries them. */
  readonly send: SomeFields
  readonly write: ContactWrite | null
  readonly outcome: ExchangeOutcome
  /** Xero's side as the plan saw it; null for a new contact. */
  readonly before: SeenContact | null
}

const unsettled = { clientSettled: false, contactSettled: false, agreed: {}, take: {}, conflicts: [] }
const nowhere = { link: null, readAt: null, contactId: null, contact: null, version: null }
const some = (fields: SomeFields) => Object.keys(fields).length > 0

/** A client that Xero doesn't have yet. Its id becomes the ContactNumber, by which a lost answer is found again. */
export function planCreate({ clientId, revision, syncedAt, ours, number }: UnlinkedClient): ExchangePlan {
  const { archived: _, ...fields } = clean(ours)
  const send = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as SomeFields
  const failure = objection({ ...send, name: fields.name })
  return {
    client: { clientId, revision, syncedAt, link: null, version: null },
    send,
    write: failure ? null : { contactNumber: number, ...written(send, { phones: [], addresses: [] }) },
    before: null,
    outcome: { clientId, revision, ...nowhere, ...unsettled, failure },
  }
}

/** A linked client: merged field by field, within what the switches allow. */
export function planExchange(client: LinkedClient, switches: Switches): ExchangePlan {
  const { clientId, revision, syncedAt, readAt, contact, version, base, number } = client
  const ours = clean(client.ours)
  const newer = Date.parse(client.changedAt) > Date.parse(contact.updatedAt ?? '') ? 'ours' : 'xero'
  const merged = merge({ base, ours, theirs: contact.fields }, { owners: switches.owners, newer })
  const wanted = switches.contactsToXero ? sendable(merged, switches) : {}
  const archived = contact.status !== 'ACTIVE'
  const failure: ContactFailure | null = !some(wanted) ? null : archived ? archivedInXero(wanted) : objection(wanted)
  const send = failure ? {} : wanted
  const numbered = number !== null && switches.contactsToXero && !archived ? { contactNumber: number } : null
  const writes = !failure && (numbered !== null || some(send))
  return {
    client: { clientId, revision, syncedAt, link: contact.contactId, version },
    send,
    write: writes ? { contactID: contact.contactId, ...numbered, ...written(send, contact) } : null,
    before: contact,
    outcome: {
      clientId,
      revision,
      link: contact.contactId,
      readAt,
      contactId: contact.contactId,
      contact: null,
      version,
      agreed: merged.agreed,
      take: switches.contactsFromXero ? merged.toOurs : {},
      conflicts: [...merged.conflicts],
      clientSettled: !failure && (switches.contactsToXero || !some(merged.toXero)),
      contactSettled: switches.contactsFromXero || !some(merged.toOurs),
      failure,
    },
  }
}

function sendable({ toXero }: Merge, { archiveInXero }: Switches): SomeFields {
  // Unarchiving is nothing that Xero lets us do; the refusal says so.
  if (archiveInXero || toXero.archived === undefined || toXero.archived === null) return toXero
  const { archived: _, ...others } = toXero
  return others
}

/** How a write ended well: what Xero has now is the new base. Another field that changed there meanwhile stays to be merged. */
export function accepted({ send, before, outcome }: ExchangePlan, contact: SeenContact): ExchangeOutcome {
  const { contactId, fields } = contact
  const known = { ...outcome, contactId, contact, version: null, failure: null }
  if (before === null) return { ...known, agreed: fields, clientSettled: true, contactSettled: true }
  const sent = syncedFields.filter((field) => send[field] !== undefined)
  const quiet = syncedFields.every((field) => sent.includes(field) || fields[field] === before.fields[field])
  const agreed = { ...outcome.agreed, ...Object.fromEntries(sent.map((field) => [field, fields[field]])) }
  return { ...known, agreed, contactSettled: outcome.contactSettled && quiet }
}

/** How a write ended that Xero refused. */
export const refused = ({ outcome }: ExchangePlan, failure: ContactFailure): ExchangeOutcome => ({
  ...outcome,
  clientSettled: false,
  failure,
})
