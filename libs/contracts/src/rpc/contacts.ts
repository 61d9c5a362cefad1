import { z } from 'zod'
import { failureCodes } from '../failures/catalogue.js'
import { syncedFields } from '../settings.js'
import { id, instantText } from '../text.js'
import { rpc } from './define.js'

const field = z.enum(syncedFields)
const value = z.string().nullable()
/** All synced fields, text or null; `archived` is 'archived' or null. */
export const clientFields = z.record(field, value)
export type ClientFields = Readonly<z.infer<typeof clientFields>>
export const someFields = z.partialRecord(field, value)
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
  /** When it pays for sales, as Xero has it. */
  paymentTerms: z.object({ day: z.number(), type: z.string() }).nullable(),
  updatedAt: instantText.nullable(),
})
export type SeenContact = z.infer<typeof seenContact>

/** A contact that a client may be. `by`: what they share; `contested`: another client without a contact shares it too. */
export const candidate = seenContact.extend({
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
  /** What a new contact would be numbered: the client's id, with "-2" and so on where a merged contact has that. */
  number: z.string(),
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
  /** To be written to the contact; null where it has a number, or a merged one has ours. */
  number: id.nullable(),
  version: z.int(),
  /** When this was, by the database's clock. */
  readAt: instantText,
})
export type LinkedClient = z.infer<typeof linkedClient>

/** A client about to be written: its contact as it was read, null for none, and what is sent. */
const plannedWrite = z.object({ ...readAs, link: value, version: z.int().nullable(), send: someFields })

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
  /** The contact that the client had as it was read; null for none. Has it another one by now, the outcome says nothing any more. */
  link: value,
  /** When it was read; null for a new contact. Questions that opened later stay. */
  readAt: instantText.nullable(),
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

/** What a sync would do with a client. `reason`: what it is linked by, why a person is asked, or why it is refused. */
export const plannedClient = z.object({
  clientId: id,
  name: z.string(),
  action: z.enum(['link', 'create', 'ask', 'change', 'refuse']),
  contactId: z.string().nullable(),
  reason: z.string().nullable(),
  fields: z.array(z.object({ field, ours: value, theirs: value, goes: z.enum(['to-xero', 'to-us', 'asked']) })),
})
export type PlannedClient = z.infer<typeof plannedClient>

const ids = z.array(id)
const contactIds = z.array(z.string())

/** A client whose contact a person has to find, beside those that it may be. */
export const openMatch = z.object({
  clientId: id,
  ours: clientFields,
  /** several, linked-elsewhere, contested, merged */
  reason: z.string(),
  candidates: z.array(candidate),
  openedAt: instantText,
})

export const conflictRow = fieldConflict.extend({
  id,
  clientId: id,
  clientName: z.string(),
  contactId: z.string().nullable(),
  state: z.enum(['open', 'resolved', 'undone', 'gone']),
  choice: z.enum(['ours', 'xero']).nullable(),
  openedAt: instantText,
  resolvedAt: instantText.nullable(),
  resolvedBy: z.string().nullable(),
})

export const conflictsAnswered = z.object({
  ids,
  /** Those that stay as they are, and why. */
  refused: z.array(z.object({ id, code: z.enum(['not-found', 'not-open', 'edited-since']), reason: z.string() })),
})

export const unknownContact = z.object({ contactId: z.string(), fields: clientFields, isCustomer: z.boolean() })

/** Conflicts that were answered, the clients to be pushed, and those that stay as they are. */
const answered = conflictsAnswered.extend({ clientIds: ids })

/** Contact-sync's database functions. */
export const contactRpcs = {
  sync_contacts_see: rpc(z.object({ p_contacts: z.array(seenContact), p_set: id.nullable() }), z.int()),
  sync_contacts_unseen: rpc(z.object({ p_set: id, p_before: instantText, p_limit: z.int() }), contactIds),
  sync_contacts_checked: rpc(z.object({ p_set: id, p_there: contactIds, p_gone: contactIds }), z.null()),
  sync_contacts_follow_merges: rpc(
    z.object({}),
    z.object({ relinked: z.array(z.object({ clientId: id, from: z.string(), contactId: z.string() })), asked: ids }),
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
  /** With what is about to be sent: should the answer be lost, it is known as our own word when it is found in Xero. */
  sync_clients_lease: rpc(z.object({ p_clients: z.array(plannedWrite), p_owner: z.string(), p_ms: z.int() }), ids),
  sync_contacts_settle: rpc(
    z.object({ p_outcomes: z.array(exchangeOutcome), p_owner: z.string(), p_command_id: id.nullable() }),
    /** `refused`: clients that the application's own table did not take. */
    z.object({
      stale: ids,
      conflicted: z.array(z.object({ clientId: id, fields: z.array(z.string()) })),
      refused: ids,
    }),
  ),
  sync_contacts_taken: rpc(
    z.object({
      p_asked: z.array(z.object({ clientId: id, contactId: z.string().nullable(), name: value, accountNumber: value })),
    }),
    z.array(z.object({ clientId: id, name: z.boolean(), accountNumber: z.boolean() })),
  ),
  sync_clients_doubt: rpc(
    z.object({ p_client_ids: z.array(id) }),
    z.array(z.object({ clientId: id, name: z.string(), contactId: z.string().nullable(), busy: z.boolean() })),
  ),
  sync_clients_standing: rpc(z.object({ p_client_ids: ids }), z.array(clientStanding)),

  sync_contacts_cursor: rpc(z.object({ p_value: z.json(), p_tenant_id: z.string().nullable() }), z.boolean()),
  sync_contacts_want: rpc(
    z.object({ p_contact_ids: contactIds, p_asked_at: instantText, p_changed_at: z.record(z.string(), instantText) }),
    z.null(),
  ),
  sync_contacts_take_wants: rpc(
    z.object({ p_limit: z.int(), p_lease_ms: z.int() }),
    z.object({ contactIds, at: instantText }),
  ),
  sync_contacts_were_read: rpc(z.object({ p_contact_ids: contactIds, p_at: instantText.nullable() }), z.null()),
  sync_contacts_orphaned: rpc(z.object({ p_limit: z.int() }), contactIds),
  sync_contacts_archive_refused: rpc(z.object({ p_contact_ids: contactIds }), z.null()),
  sync_contacts_adopt_customers: rpc(
    z.object({ p_limit: z.int() }),
    z.array(z.object({ clientId: id, contactId: z.string() })),
  ),

  sync_contact_plan_keep: rpc(z.object({ p_command_id: id, p_rows: z.array(plannedClient) }), z.null()),

  // A person's answers, for the gateway. Each changes rows alone; `contacts.push` of the clients answered carries it to Xero at once.
  sync_match_answer: rpc(
    z.object({ p_client_id: id, p_contact_id: z.string().nullable(), p_by: z.string() }),
    z.object({ clientId: id, contactId: z.string().nullable() }),
  ),
  sync_conflicts_resolve: rpc(z.object({ p_ids: ids, p_choice: z.enum(['ours', 'xero']), p_by: z.string() }), answered),
  sync_conflicts_undo: rpc(z.object({ p_ids: ids, p_by: z.string() }), answered),
  sync_unknown_contact_answer: rpc(
    z.object({ p_contact_id: z.string(), p_answer: z.enum(['ignore', 'create']) }),
    id.nullable(),
  ),
} as const
