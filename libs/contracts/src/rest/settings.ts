import { z } from 'zod'
import { settingGroups } from '../settings.js'

/** A group of settings goes in whole: what is left out gets its default. */
export const settingBodies = settingGroups

/** What comes out has every field. */
export const settingViews = { sync: settingGroups.sync, invoicing: settingGroups.invoicing } as const

/** Run-time configuration of the console: public by nature. */
export const consoleConfig = z.object({ supabaseUrl: z.string(), publishableKey: z.string() })
