import type {
  ClientFields,
  ContactFailure,
  ExchangeOutcome,
  LinkedClient,
  SeenContact,
  Settings,
  SomeFields,
  SyncedField,
  UnlinkedClient,
} from '@afo/contracts'
import type { ContactWrite } from '@afo/xero'
import { archivedInXero, clean, objection } from './clean.js'
import { written } from './mapping.js'
import { type Merge, merge } from './merge.js'

export type Switches = Pick<
  Settings<'sync'>,
  'contactsToXero' | 'contactsFromXero' | 'archiveInXero' | 'owners' | 'unknownContacts' | 'weeklyReconcile'
>

/** What to do about one client. Without a write, `outcome` is the end of it; with one, it is what stands if Xero refuses. */
export interface ExchangePlan {
  readonly client: { readonly clientId: string; readonly revision: number; readonly syncedAt: string | null }
  /** Fields that go to Xero, and the write that carries them. */
  readonly send: SomeFields
  readonly write: ContactWrite | null
  readonly outcome: ExchangeOutcome
  /** Xero's side as the plan saw it; null for a new contact. */
  readonly before: SeenContact | null
}

const nothing = { contact: null, version: null, agreed: {}, take: {} }
const some = (fields: SomeFields) => Object.keys(fields).length > 0

/** A client that Xero doesn't have yet. Its id becomes the ContactNumber, by which a lost answer is found again. */
export function planCreate({ clientId, revision, syncedAt, ours, number }: UnlinkedClient): ExchangePlan {
  const { archived: _, ...fields } = clean(ours)
  const send = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as SomeFields
  const failure = objection({ ...send, name: fields.name })
  return {
    client: { clientId, revision, syncedAt },
    send,
    write: failure ? null : { contactNumber: number, ...written(send, { phones: [], addresses: [] }) },
    before: null,
    outcome: {
      ...nothing,
      clientId,
      revision,
      contactId: null,
      conflicts: [],
      clientSettled: false,
      contactSettled: false,
      failure,
    },
  }
}

/** A linked client: merged field by field, within what the switches allow. */
export function planExchange(client: LinkedClient, switches: Switches): ExchangePlan {
  const { clientId, revision, syncedAt, contact, version, base } = client
  const ours = clean(client.ours)
  const newer = Date.parse(client.changedAt) > Date.parse(contact.updatedAt ?? '') ? 'ours' : 'xero'
  const merged = merge({ base, ours, theirs: contact.fields }, { owners: switches.owners, newer })
  const wanted = switches.contactsToXero ? sendable(merged, switches) : {}
  const archived = contact.status !== 'ACTIVE'
  const failure: ContactFailure | null = !some(wanted) ? null : archived ? archivedInXero(wanted) : objection(wanted)
  const send = failure ? {} : wanted
  const number =
    switches.contactsToXero && !archived && contact.contactNumber === null ? { contactNumber: clientId } : {}
  const writes = !failure && (some(send) || some(number as SomeFields))
  return {
    client: { clientId, revision, syncedAt },
    send,
    write: writes ? { contactID: contact.contactId, ...number, ...written(send, contact) } : null,
    before: contact,
    outcome: {
      clientId,
      revision,
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
  const fields = Object.keys(send) as SyncedField[]
  const untouched = (Object.keys(contact.fields) as SyncedField[]).filter((field) => !fields.includes(field))
  const agreed = before === null ? contact.fields : pick(contact.fields, fields)
  return {
    ...outcome,
    contactId: contact.contactId,
    contact,
    version: null,
    agreed: { ...outcome.agreed, ...agreed },
    clientSettled: before === null || outcome.clientSettled,
    contactSettled:
      before === null || (outcome.contactSettled && untouched.every((f) => contact.fields[f] === before.fields[f])),
    failure: null,
  }
}

/** How a write ended that Xero refused. */
export const refused = ({ outcome }: ExchangePlan, failure: ContactFailure): ExchangeOutcome => ({
  ...outcome,
  clientSettled: false,
  failure,
})

const pick = (from: ClientFields, fields: readonly SyncedField[]): SomeFields =>
  Object.fromEntries(fields.map((field) => [field, from[field]]))
