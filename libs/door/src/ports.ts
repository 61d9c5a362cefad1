import type { Sessions } from '@afo/db'
import type { Log, TimeScale } from '@afo/kit'
import type { DoorConfig } from './config.js'
import type { DoorStore } from './store.js'

/** What the door works with. A service's own ports have these and more; its handlers are given all of them. */
export interface DoorPorts {
  readonly config: DoorConfig & { readonly NODE_ENV: string; readonly SUPABASE_URL: string }
  readonly log: Log
  readonly scale: TimeScale
  readonly sessions: Sessions
  readonly store: DoorStore
  readonly bus: {
    readonly ephemeral: {
      hit(key: string, windowMs: number): Promise<{ readonly count: number; readonly resetMs: number }>
    }
  }
  /** Aborts when the process stops. */
  readonly signal: AbortSignal
}

/** The person behind a request. */
export interface Caller {
  readonly id: string
  readonly email: string | null
  readonly role: 'admin' | 'accountant'
  /** The e-mail address, or the id where there is none: who asked, in commands and in the audit. */
  readonly name: string
}
