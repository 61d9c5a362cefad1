import { billing } from './billing.js'
import { contacts } from './contacts.js'
import { general } from './general.js'
import { settings } from './settings.js'
import { start } from './start.js'

/** Every word a person reads, in English. Another language is another set of these files. */
export const text = { ...general, ...billing, ...contacts, ...settings, ...start } as const
