import type { Db } from '@afo/db'
import { parse } from '@afo/kit'
import { z } from 'zod'
import type { Store } from '../ports.js'

const cursorName = 'contacts'
const cursor = z.object({
  since: z.string().nullable(),
  set: z.object({ id: z.guid(), since: z.string().nullable(), page: z.int(), at: z.string().nullable() }).nullable(),
})

interface Leases {
  /** How long a client stays a dead process's to write. */
  readonly writeMs: number
  /** How long a contact stays a dead process's to read. */
  readonly readMs: number
}

export function createStore(db: Db, { writeMs, readMs }: Leases): Store {
  return {
    readCursor: async () => {
      const stored = await db.rpc('sync_cursor_read', { p_name: cursorName })
      return stored === null ? { since: null, set: null } : parse(cursor, stored, 'cursor of the contacts')
    },
    saveCursor: async (value) =>
      void (await db.rpc('sync_cursor_write', { p_name: cursorName, p_value: value as never })),
    see: (contacts, set) => db.rpc('sync_contacts_see', { p_contacts: [...contacts], p_set: set }),
    unseen: (set, before, limit) => db.rpc('sync_contacts_unseen', { p_set: set, p_before: before, p_limit: limit }),
    checked: async (set, there, gone) =>
      void (await db.rpc('sync_contacts_checked', { p_set: set, p_there: [...there], p_gone: [...gone] })),
    followMerges: () => db.rpc('sync_contacts_follow_merges', {}),
    unlinked: (after, limit, clientIds) =>
      db.rpc('sync_clients_unlinked', { p_after: after, p_limit: limit, p_client_ids: list(clientIds) }),
    link: (links) => db.rpc('sync_clients_link', { p_links: links }),
    ask: (questions) => db.rpc('sync_matches_ask', { p_questions: questions }),
    dropQuestions: async (clientIds) => void (await db.rpc('sync_matches_drop', { p_client_ids: [...clientIds] })),
    due: (after, limit, { push, pull, archive, clientIds, contactIds }) =>
      db.rpc('sync_clients_linked', {
        p_after: after,
        p_limit: limit,
        p_push: push,
        p_pull: pull,
        p_archive: archive,
        p_client_ids: list(clientIds),
        p_contact_ids: list(contactIds),
      }),
    waiting: ({ push, pull }) => db.rpc('sync_clients_waiting', { p_push: push, p_pull: pull }),
    lease: (clients, owner) => db.rpc('sync_clients_lease', { p_clients: clients, p_owner: owner, p_ms: writeMs }),
    settle: async (outcomes, commandId) =>
      (await db.rpc('sync_contacts_settle', { p_outcomes: [...outcomes], p_command_id: commandId })).conflicted,
    taken: (asked) => db.rpc('sync_contacts_taken', { p_asked: asked }),
    standing: (clientIds) => db.rpc('sync_clients_standing', { p_client_ids: [...clientIds] }),
    want: async (contactIds, askedAt) =>
      void (await db.rpc('sync_contacts_want', { p_contact_ids: [...contactIds], p_asked_at: askedAt })),
    takeWanted: (limit) => db.rpc('sync_contacts_take_wants', { p_limit: limit, p_lease_ms: readMs }),
    wereRead: async (contactIds, at) =>
      void (await db.rpc('sync_contacts_were_read', { p_contact_ids: [...contactIds], p_at: at })),
    orphaned: (limit) => db.rpc('sync_contacts_orphaned', { p_limit: limit }),
    archiveRefused: async (contactIds) =>
      void (await db.rpc('sync_contacts_archive_refused', { p_contact_ids: [...contactIds] })),
    adoptCustomers: (limit) => db.rpc('sync_contacts_adopt_customers', { p_limit: limit }),
  }
}

const list = (values: readonly string[] | null) => (values === null ? null : [...values])
