import type { WatchHandlers } from './ports.js'

export const retentionRoutes = {
  readRetentionSettings: async (_input, { settings }) => ({ status: 200, body: await settings.read('retention') }),
  writeRetentionSettings: async ({ body }, { db }) => {
    await db.rpc('sync_settings_write', { p_settings: [{ key: 'retention', value: JSON.stringify(body) }] })
    return { status: 200, body }
  },
} satisfies WatchHandlers
