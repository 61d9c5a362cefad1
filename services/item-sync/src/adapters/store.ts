import type { Db } from '@afo/db'
import type { Ports } from '../ports.js'

export const createStore = (db: Db): Ports['store'] => ({
  import: (items) => db.rpc('sync_items_import', { p_items: [...items] }),
  report: async (failures) => void (await db.rpc('sync_failures_record', { p_failures: [...failures] })),
})
