import { type FailureRow, failures } from '@afo/contracts'
import type { Handlers } from '../ports.js'

export const status = {
  readSyncStatus: async (_input, { store }) => {
    const { errors, ...rest } = await store.status()
    const shown = errors.map(explained).map(({ id, code, title, message, entity, entityId, lastSeenAt: at }) => {
      return { id, code, title, message, entity, entityId, at }
    })
    return { status: 200, body: { ...rest, errors: shown } }
  },
  listRuns: async ({ query }, { store }) => ({
    status: 200,
    body: await store.list('sync_list_log', { limit: 20, ...query }),
  }),
  listFailures: async ({ query }, { store }) => {
    const page = await store.list('sync_list_failures', query)
    return { status: 200, body: { ...page, items: page.items.map(explained) } }
  },
  dismissFailures: async ({ body: { ids, reason } }, { store, caller }) => ({
    status: 200,
    body: { dismissed: await store.dismissFailures(ids, caller.name, reason) },
  }),
} satisfies Partial<Handlers>

/** Our own words beside Xero's. */
export function explained(row: FailureRow) {
  return { ...row, ...(failures[row.code as keyof typeof failures] ?? failures['AFO-699']) }
}
