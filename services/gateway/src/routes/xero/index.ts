import type { AnyRoute } from '../../http/route.js'
import { connectionRoutes } from './connection.js'
import { consentRoutes } from './consent.js'
import { ticketRoute } from './ticket.js'

/** Connecting to Xero: credentials, consent, organisation, disconnecting. */
export const xero: readonly AnyRoute[] = [ticketRoute, ...consentRoutes, ...connectionRoutes]
