import { z } from 'zod'
import { failureCodes } from '../failures.js'
import { syncedFields } from '../settings.js'
import { id, instantText } from '../text.js'
import { rpc } from './define.js'

const field = z.enum(syncedFields)
const value = z.string().nullable()
/** All synced fields, text or null; `archived` is 'archived' or null. */
export const clientFields = z.record(field, value)
export type ClientFields = Readonly<z.infer<typeof clientFields>>
const someFields = z.partialRecord(field, value)
export type SomeFields = Readonly<z.infer<typeof someFields>>

const slot = z.record(z.string(), value)

/** A contact as Xero showed it: what is synced, and its own slots of phones and addresses, which a write sends whole. */
export const seenContact = z.object({
  contactId: z.string(),
  contactNumber: value,
  status: z.string(),
  mergedTo: value,
  isCustomer: z.boolean(),
  fields: clientFields,
  phones: z.array(slot),
  addresses: z.array(slot),
  updatedAt: instantText.nullable(),
})
export type SeenContact = z.infer<typeof seenContact>

/** A contact that a client may be. `by`: what they share; `contested`: another client without a contact shares it too. */
export const candidate = z.object({
  contactId: z.string(),
  contactNumber: value,
  fields: clientFields,
  by: z.array(z.enum(['number', 'email', 'name', 'merge'])),
  linkedTo: id.nullable(),
  contested: z.boolean(),
})
export type Candidate = z.infer<typeof candidate>

/** What pins a client as it was read: a later write is refused once either has moved on. */
const readAs = { clientId: id, revision: z.int(), syncedAt: instantText.nullable() }

export const unlinkedClient = z.object({
  ...readAs,
  ours: clientFields,
  /** A person answered that it is none of the candidates. */
  create: z.boolean().nullable(),
  /** A client before it has the same name or e-mail and goes first. */
  earlier: z.boolean(),
  candidates: z.array(candidate),
})
export type UnlinkedClient = z.infer<typeof unlinkedClient>

export const linkedClient = z.object({
  ...readAs,
  changedAt: instantText,
  ours: clientFields,
  /** What both sides last agreed on; a field that was never agreed on is absent. */
  base: someFields,
  contact: seenContact,
  version: z.int(),
})
export type LinkedClient = z.infer<typeof linkedClient>

export const fieldConflict = z.object({ field, base: value, ours: value, theirs: value })
export type FieldConflict = z.infer<typeof fieldConflict>

export const contactFailure = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  details: z.record(z.string(), z.json()),
})
export type ContactFailure = z.infer<typeof contactFailure>

/** What became of one client in an exchange; the database keeps it in one go. */
export const exchangeOutcome = z.object({
  clientId: id,
  revision: z.int(),
  contactId: z.string().nullable(),
  /** As Xero answered a write. */
  contact: seenContact.nullable(),
  /** Of the contact as it was read, where nothing was written. */
  version: z.int().nullable(),
  agreed: someFields,
  take: someFields,
  conflicts: z.array(fieldConflict),
  clientSettled: z.boolean(),
  contactSettled: z.boolean(),
  failure: contactFailure.nullable(),
})
export type ExchangeOutcome = z.infer<typeof exchangeOutcome>

export const clientStanding = z.object({
  clientId: id,
  contactId: z.string().nullable(),
  dirty: z.boolean(),
  state: z.enum(['linked', 'question', 'failed', 'archived', 'waiting']),
})
export type ClientStanding = z.infer<typeof clientStanding>

const ids = z.array(id)

/** Contact-sync's database functions. */
export const contactRpcs = {
  sync_contacts_see: rpc(z.object({ p_contacts: z.array(seenContact), p_set: id.nullable() }), z.int()),
  sync_contacts_follow_merges: rpc(
    z.object({}),
    z.object({
      relinked: z.array(z.object({ clientId: id, from: z.string(), contactId: z.string() })),
      asked: ids,
    }),
  ),
  sync_clients_unlinked: rpc(
    z.object({ p_after: id.nullable(), p_limit: z.int(), p_client_ids: ids.nullable() }),
    z.array(unlinkedClient),
  ),
  sync_clients_link: rpc(z.object({ p_links: z.array(z.object({ clientId: id, contactId: z.string() })) }), ids),
  sync_matches_ask: rpc(
    z.object({
      p_questions: z.array(z.object({ clientId: id, reason: z.string(), candidates: z.array(candidate) })),
    }),
    ids,
  ),
  sync_matches_drop: rpc(z.object({ p_client_ids: ids }), z.null()),
  sync_clients_linked: rpc(
    z.object({
      p_after: id.nullable(),
      p_limit: z.int(),
      p_push: z.boolean(),
      p_pull: z.boolean(),
      p_archive: z.boolean(),
      p_client_ids: ids.nullable(),
      p_contact_ids: z.array(z.string()).nullable(),
    }),
    z.array(linkedClient),
  ),
  sync_clients_waiting: rpc(z.object({ p_push: z.boolean(), p_pull: z.boolean() }), z.int()),
  sync_clients_lease: rpc(z.object({ p_clients: z.array(z.object(readAs)), p_owner: z.string(), p_ms: z.int() }), ids),
  sync_contacts_settle: rpc(
    z.object({ p_outcomes: z.array(exchangeOutcome), p_command_id: id.nullable() }),
    z.object({ stale: ids, conflicted: z.array(z.object({ clientId: id, fields: z.array(z.string()) })) }),
  ),
  sync_contacts_taken: rpc(
    z.object({
      p_asked: z.array(z.object({ clientId: id, contactId: z.string().nullable(), name: value, accountNumber: value })),
    }),
    z.array(z.object({ clientId: id, name: z.boolean(), accountNumber: z.boolean() })),
  ),
  sync_clients_standing: rpc(z.object({ p_client_ids: ids }), z.array(clientStanding)),
} as const
