import type {
  ClientStanding,
  ExchangeOutcome,
  LinkedClient,
  Message,
  MessageName,
  NewMessage,
  rpcs,
  SeenContact,
  Settings,
  UnlinkedClient,
} from '@afo/contracts'
import type { ContactWrite, ElementResult, Page, Priority, XeroContact } from '@afo/xero'
import type { z } from 'zod'

/** Where reading stands. `set` is a set of pages begun and not ended, so that a crash goes on there. */
export interface Cursor {
  /** Everything that Xero changed before it is known. ISO, by Xero's clock; null before the first full reading. */
  readonly since: string | null
  readonly set: PageSet | null
}

export interface PageSet {
  readonly id: string
  readonly since: string | null
  /** The next page to be read. */
  readonly page: number
  /** When its first page was read, by Xero's clock. */
  readonly at: string | null
}

/** How a piece of work calls Xero. */
export interface Call {
  readonly priority: Priority
  readonly signal: AbortSignal
}

/** Xero's contacts. Everything throws AppError for what Xero or the way to it did. */
export interface Contacts {
  page(query: { since: string | null; page: number }, call: Call): Promise<Page<XeroContact>>
  byIds(ids: readonly string[], call: Call): Promise<readonly XeroContact[]>
  create(contacts: readonly ContactWrite[], call: Call): Promise<readonly ElementResult<XeroContact>[]>
  update(contacts: readonly ContactWrite[], call: Call): Promise<readonly ElementResult<XeroContact>[]>
}

type Args<N extends keyof typeof rpcs> = z.input<(typeof rpcs)[N]['args']>
type Result<N extends keyof typeof rpcs> = z.output<(typeof rpcs)[N]['result']>

export interface DueQuery {
  readonly push: boolean
  readonly pull: boolean
  readonly archive: boolean
  readonly clientIds: readonly string[] | null
  readonly contactIds: readonly string[] | null
}

/** Our side, each method one transaction. */
export interface Store {
  readCursor(): Promise<Cursor>
  saveCursor(cursor: Cursor): Promise<void>
  /** Answers how many differ from what was known. */
  see(contacts: readonly SeenContact[], set: string | null): Promise<number>
  /** Contacts older than a full reading that it didn't show. */
  unseen(set: string, before: string, limit: number): Promise<readonly string[]>
  /** Those are `there` after all, or `gone` from Xero. */
  checked(set: string, there: readonly string[], gone: readonly string[]): Promise<void>
  followMerges(): Promise<Result<'sync_contacts_follow_merges'>>
  unlinked(after: string | null, limit: number, clientIds: readonly string[] | null): Promise<readonly UnlinkedClient[]>
  /** Answers the clients whose contact was taken meanwhile. */
  link(links: Args<'sync_clients_link'>['p_links']): Promise<readonly string[]>
  /** Answers the clients whose question is new. */
  ask(questions: Args<'sync_matches_ask'>['p_questions']): Promise<readonly string[]>
  dropQuestions(clientIds: readonly string[]): Promise<void>
  due(after: string | null, limit: number, query: DueQuery): Promise<readonly LinkedClient[]>
  waiting(query: Pick<DueQuery, 'push' | 'pull'>): Promise<number>
  /** Answers the clients that are as they were read and now ours to write. */
  lease(clients: Args<'sync_clients_lease'>['p_clients'], owner: string): Promise<readonly string[]>
  settle(
    outcomes: readonly ExchangeOutcome[],
    commandId: string | null,
  ): Promise<Result<'sync_contacts_settle'>['conflicted']>
  taken(asked: Args<'sync_contacts_taken'>['p_asked']): Promise<Result<'sync_contacts_taken'>>
  standing(clientIds: readonly string[]): Promise<readonly ClientStanding[]>
  /** Contacts that changed, unless they were read since. */
  want(contactIds: readonly string[], askedAt: string): Promise<void>
  /** Takes what is wanted, so that one reader alone reads it. */
  takeWanted(limit: number): Promise<Result<'sync_contacts_take_wants'>>
  /** Without a time: they couldn't be read. */
  wereRead(contactIds: readonly string[], at: string | null): Promise<void>
  /** Active contacts of clients that were deleted here. */
  orphaned(limit: number): Promise<readonly string[]>
  archiveRefused(contactIds: readonly string[]): Promise<void>
  /** Makes clients of customers that only Xero knows. */
  adoptCustomers(limit: number): Promise<Result<'sync_contacts_adopt_customers'>>
}

export interface Ports {
  readonly contacts: Contacts
  readonly store: Store
  readonly settings: { read(group: 'sync'): Promise<Settings<'sync'>> }
  readonly newId: () => string
  /** Milliseconds by which a delta reaches back over the one before. */
  readonly overlapMs: number
  /** Milliseconds for which the changes that webhooks tell of are gathered into one read. */
  readonly gatherMs: number
}

/** Takes a message that is no job, and answers what to say next. */
export type MessageHandler<N extends MessageName> = (
  message: Message<N>,
  context: { readonly signal: AbortSignal },
) => Promise<readonly NewMessage[]>
