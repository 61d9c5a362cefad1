import { billing } from './billing.js'
import { general } from './general.js'
import { settings } from './settings.js'
import { start } from './start.js'

/** Every word a person reads, in English. Another language is another set of these files. */
export const text = { ...general, ...billing, ...settings, ...start } as const
