import type { Db } from '@afo/db'
import type { Ports } from '../ports.js'

export const createStore = (db: Db): Ports['store'] => ({
  import: (items, tenantId) => db.rpc('sync_items_import', { p_items: [...items], p_tenant_id: tenantId }),
  report: async (failures) => void (await db.rpc('sync_failures_record', { p_failures: [...failures] })),
})
