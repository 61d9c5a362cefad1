import type { Message, MessageName, NewMessage, Settings } from '@afo/contracts'
import type { Priority } from '@afo/xero'
import type { Store } from './adapters/store.js'
import type { Contacts } from './adapters/xero.js'

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

/** What handlers and steps need of the world: Xero's contacts, our rows, the admin's choices. */
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
