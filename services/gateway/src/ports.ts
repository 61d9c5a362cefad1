import type { endpoints } from '@afo/contracts'
import type { Sessions } from '@afo/db'
import type { HandlersOf, RequestContextOf, SignedInOf } from '@afo/door'
import type { InternalClient } from '@afo/kit'
import type { ServiceContext } from '@afo/service'
import type { WatchPorts } from '@afo/watch'
import type { Store } from './adapters/store.js'
import type { GatewayConfig } from './config.js'

/** What the door and the handlers work with. */
export interface Ports extends ServiceContext<GatewayConfig>, Pick<WatchPorts, 'alerting' | 'saveAlertSecrets'> {
  readonly store: Store
  readonly sessions: Sessions
  readonly xeroAuth: InternalClient
  readonly invoicing: InternalClient
  readonly contactSync: InternalClient
}

/** A handler for every endpoint of contracts' table. */
export type Handlers = HandlersOf<typeof endpoints, Ports>
export type RequestContext = RequestContextOf<Ports>
/** The context of an endpoint that only signed-in people reach. */
export type SignedIn = SignedInOf<Ports>
