import { connection } from './connection.js'
import { consent } from './consent.js'
import { ticket } from './ticket.js'

/** Connecting to Xero: credentials, consent, organisation, disconnecting. */
export const xero = { ...ticket, ...consent, ...connection }
