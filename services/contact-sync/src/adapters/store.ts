import type { ExchangeOutcome, PlannedClient, rpcs, SeenContact } from '@afo/contracts'
import type { Db } from '@afo/db'
import { AppError, parse } from '@afo/kit'
import { z } from 'zod'
import type { Cursor } from '../ports.js'

const cursorName = 'contacts'
const cursor: z.ZodType<Cursor> = z.object({
  since: z.string().nullable(),
  set: z.object({ id: z.guid(), since: z.string().nullable(), page: z.int(), at: z.string().nullable() }).nullable(),
})

type Args<N extends keyof typeof rpcs> = z.input<(typeof rpcs)[N]['args']>
type Ids = readonly string[]

export interface DueQuery {
  readonly push: boolean
  readonly pull: boolean
  readonly archive: boolean
  readonly clientIds: Ids | null
  readonly contactIds: Ids | null
}

interface Leases {
  /** How long a client stays a dead process's to write. */
  readonly writeMs: number
  /** How long a contact stays a dead process's to read. */
  readonly readMs: number
}

export type Store = ReturnType<typeof createStore>

/** Our side. Each method is one transaction; what it does in detail stands with its function in the migration. */
export function createStore(db: Db, { writeMs, readMs }: Leases) {
  return {
    readCursor: async (): Promise<Cursor> => {
      const stored = await db.rpc('sync_cursor_read', { p_name: cursorName })
      return stored === null ? { since: null, set: null } : parse(cursor, stored, 'cursor of the contacts')
    },
    /** @throws AppError `notReady` when it was read of another organisation than the one in use by now: the work begins anew */
    saveCursor: async (value: Cursor, tenantId: string | null) => {
      if (await db.rpc('sync_contacts_cursor', { p_value: value as never, p_tenant_id: tenantId })) return
      throw new AppError('notReady', 'The organisation in use was changed', {
        countsAsAttempt: false,
        retryAfterMs: 1_000,
      })
    },

    /** Takes in contacts as Xero showed them; answers how many differ from what was known. */
    see: (contacts: readonly SeenContact[], set: string | null) =>
      db.rpc('sync_contacts_see', { p_contacts: [...contacts], p_set: set }),
    /** Contacts older than a full reading that it didn't show. */
    unseen: (set: string, before: string, limit: number) =>
      db.rpc('sync_contacts_unseen', { p_set: set, p_before: before, p_limit: limit }),
    /** Those are `there` after all, or `gone` from Xero. */
    checked: (set: string, there: Ids, gone: Ids) =>
      db.rpc('sync_contacts_checked', { p_set: set, p_there: [...there], p_gone: [...gone] }),
    /** Contacts that changed, unless they were read since. */
    want: (contactIds: Ids, askedAt: string, changedAt: Readonly<Record<string, string>>) =>
      db.rpc('sync_contacts_want', { p_contact_ids: [...contactIds], p_asked_at: askedAt, p_changed_at: changedAt }),
    /** Takes what is wanted, so that one reader alone reads it. */
    takeWanted: (limit: number) => db.rpc('sync_contacts_take_wants', { p_limit: limit, p_lease_ms: readMs }),
    /** Without a time: they couldn't be read. */
    wereRead: (contactIds: Ids, at: string | null) =>
      db.rpc('sync_contacts_were_read', { p_contact_ids: [...contactIds], p_at: at }),

    followMerges: () => db.rpc('sync_contacts_follow_merges', {}),
    unlinked: (after: string | null, limit: number, clientIds: Ids | null) =>
      db.rpc('sync_clients_unlinked', { p_after: after, p_limit: limit, p_client_ids: list(clientIds) }),
    /** Answers the clients whose contact was taken meanwhile. */
    link: (links: Args<'sync_clients_link'>['p_links']) => db.rpc('sync_clients_link', { p_links: links }),
    /** Answers the clients whose question is new. */
    ask: (questions: Args<'sync_matches_ask'>['p_questions']) => db.rpc('sync_matches_ask', { p_questions: questions }),
    dropQuestions: (clientIds: Ids) => db.rpc('sync_matches_drop', { p_client_ids: [...clientIds] }),
    /** Makes clients of customers that only Xero knows. */
    adoptCustomers: (limit: number) => db.rpc('sync_contacts_adopt_customers', { p_limit: limit }),
    /** Active contacts of clients that were deleted here. */
    orphaned: (limit: number) => db.rpc('sync_contacts_orphaned', { p_limit: limit }),
    archiveRefused: (contactIds: Ids) => db.rpc('sync_contacts_archive_refused', { p_contact_ids: [...contactIds] }),

    due: (after: string | null, limit: number, { push, pull, archive, clientIds, contactIds }: DueQuery) =>
      db.rpc('sync_clients_linked', {
        p_after: after,
        p_limit: limit,
        p_push: push,
        p_pull: pull,
        p_archive: archive,
        p_client_ids: list(clientIds),
        p_contact_ids: list(contactIds),
      }),
    waiting: (push: boolean, pull: boolean) => db.rpc('sync_clients_waiting', { p_push: push, p_pull: pull }),
    /** Answers the clients that are as they were read, their contacts too, and now this owner's to write. */
    lease: (clients: Args<'sync_clients_lease'>['p_clients'], owner: string) =>
      db.rpc('sync_clients_lease', { p_clients: clients, p_owner: owner, p_ms: writeMs }),
    /** Keeps what became of clients, and ends this owner's leases on them; answers the conflicts that are new, and the clients that our table refused. */
    settle: (outcomes: readonly ExchangeOutcome[], owner: string, commandId: string | null) =>
      db.rpc('sync_contacts_settle', { p_outcomes: [...outcomes], p_owner: owner, p_command_id: commandId }),
    taken: (asked: Args<'sync_contacts_taken'>['p_asked']) => db.rpc('sync_contacts_taken', { p_asked: asked }),
    /** The first rows of a plan replace the one before. */
    keepPlan: (commandId: string, rows: readonly PlannedClient[]) =>
      db.rpc('sync_contact_plan_keep', { p_command_id: commandId, p_rows: [...rows] }),
    doubt: (clientIds: Ids) => db.rpc('sync_clients_doubt', { p_client_ids: [...clientIds] }),
    standing: (clientIds: Ids) => db.rpc('sync_clients_standing', { p_client_ids: [...clientIds] }),
  }
}

const list = (values: Ids | null) => (values === null ? null : [...values])
