import { watchRoutes } from '@afo/watch'
import type { Handlers } from '../ports.js'
import { billing } from './billing.js'
import { commands } from './commands.js'
import { contacts } from './contacts.js'
import { costCentres } from './cost-centres.js'
import { events } from './events.js'
import { failures } from './failures.js'
import { history } from './history.js'
import { invoices } from './invoices.js'
import { lists } from './lists.js'
import { operations } from './operations.js'
import { overview } from './overview.js'
import { session } from './session.js'
import { settings } from './settings.js'
import { status } from './status.js'
import { timesheets } from './timesheets.js'
import { unbilled } from './unbilled.js'
import { webhooks } from './webhooks.js'
import { xero } from './xero/index.js'

/** What answers each endpoint of contracts' table. */
export const handlers: Handlers = {
  ...session,
  ...xero,
  ...status,
  ...overview,
  ...commands,
  ...contacts,
  ...failures,
  ...history,
  ...events,
  ...billing,
  ...invoices,
  ...unbilled,
  ...costCentres,
  ...timesheets,
  ...lists,
  ...settings,
  ...watchRoutes,
  ...operations,
  ...webhooks,
}
