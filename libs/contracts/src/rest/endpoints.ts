import { alertEndpoints } from './alerts.js'
import { billingEndpoints } from './billing.js'
import { commandEndpoints } from './commands.js'
import { contactEndpoints } from './contacts.js'
import { controlEndpoints } from './controls.js'
import { costCentreEndpoints } from './cost-centres.js'
import { failureEndpoints } from './failures.js'
import { historyEndpoints } from './history.js'
import { invoiceEndpoints } from './invoices.js'
import { listEndpoints } from './lists.js'
import { operationEndpoints } from './operations.js'
import { overviewEndpoints } from './overview.js'
import { reportEndpoints } from './reports.js'
import { sessionEndpoints } from './session.js'
import { settingEndpoints } from './settings.js'
import { syncEndpoints } from './sync.js'
import { timesheetEndpoints } from './timesheets.js'
import { unbilledEndpoints } from './unbilled.js'
import { webhookEndpoints } from './webhooks.js'
import { xeroEndpoints } from './xero.js'

/** Everything that can be asked of the gateway. The first that fits a path answers: /invoices/preview stands before /invoices/:id. */
export const endpoints = {
  ...sessionEndpoints,
  ...xeroEndpoints,
  ...overviewEndpoints,
  ...syncEndpoints,
  ...commandEndpoints,
  ...contactEndpoints,
  ...failureEndpoints,
  ...historyEndpoints,
  ...billingEndpoints,
  ...invoiceEndpoints,
  ...unbilledEndpoints,
  ...costCentreEndpoints,
  ...timesheetEndpoints,
  ...listEndpoints,
  ...settingEndpoints,
  ...alertEndpoints,
  ...reportEndpoints,
  ...operationEndpoints,
  ...controlEndpoints,
  ...webhookEndpoints,
} as const

export type EndpointName = keyof typeof endpoints
