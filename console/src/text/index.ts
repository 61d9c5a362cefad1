import { alerts } from './alerts.js'
import { billing } from './billing.js'
import { contacts } from './contacts.js'
import { general } from './general.js'
import { history } from './history.js'
import { reports } from './reports.js'
import { settings } from './settings.js'
import { start } from './start.js'

/** Every word a person reads, in English. Another language is another set of these files. */
export const text = {
  ...general,
  ...billing,
  ...contacts,
  ...settings,
  ...start,
  ...alerts,
  ...history,
  ...reports,
} as const
