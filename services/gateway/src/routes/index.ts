import type { AnyRoute } from '../http/route.js'
import { billing } from './billing.js'
import { commands } from './commands.js'
import { documented } from './document.js'
import { events } from './events.js'
import { health } from './health.js'
import { lists } from './lists.js'
import { operations } from './operations.js'
import { session } from './session.js'
import { settings } from './settings.js'
import { status } from './status.js'
import { webhooks } from './webhooks.js'
import { xero } from './xero/index.js'

/** Every route there is: what is served, what openapi.json says, what docs/API.md lists. */
export const routes: readonly AnyRoute[] = documented([
  ...health,
  ...session,
  ...status,
  ...commands,
  ...events,
  ...billing,
  ...lists,
  ...settings,
  ...operations,
  ...webhooks,
  ...xero,
])
