import type { Sessions } from '@afo/db'
import type { InternalClient } from '@afo/kit'
import type { ServiceContext } from '@afo/service'
import type { Store } from './adapters/store.js'
import type { GatewayConfig } from './config.js'

/** What handlers and the door work with. */
export interface Ports extends ServiceContext<GatewayConfig> {
  readonly store: Store
  readonly sessions: Sessions
  readonly xeroAuth: InternalClient
  readonly invoicing: InternalClient
}

/** The person behind a request. */
export interface Caller {
  readonly id: string
  readonly email: string | null
  readonly role: 'admin' | 'accountant'
  /** The e-mail address, or the id where there is none: who asked, in commands and in the audit. */
  readonly name: string
}
