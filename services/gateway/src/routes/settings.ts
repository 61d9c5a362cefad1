import { type SettingGroup, settingGroups } from '@afo/contracts'
import type { z } from 'zod'
import { type AnyRoute, route } from '../http/route.js'

const settingRoutes = (group: SettingGroup, shape: z.ZodType, what: string): AnyRoute[] => [
  route({
    method: 'get',
    path: `/admin/settings/${group}`,
    summary: `How ${what}`,
    tag: 'Settings',
    access: 'reader',
    answers: { 200: shape },
    handle: async (_input, { settings }) => ({ status: 200, body: await settings.read(group) }),
  }),
  route({
    method: 'put',
    path: `/admin/settings/${group}`,
    summary: `Choose how ${what}. What is left out gets its default`,
    tag: 'Settings',
    access: 'admin',
    commanding: true,
    audit: `settings.${group}`,
    body: shape,
    answers: { 200: shape },
    handle: async ({ body }, { db }) => {
      await db.rpc('sync_settings_write', { p_settings: [{ key: group, value: JSON.stringify(body) }] })
      return { status: 200, body }
    },
  }),
]

export const settings: readonly AnyRoute[] = [
  ...settingRoutes('sync', settingGroups.sync, 'contacts, items, invoices and payments are kept in step'),
  ...settingRoutes('invoicing', settingGroups.invoicing, 'invoices are made'),
]
