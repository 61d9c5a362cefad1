import type { Db } from '@afo/db'
import type { Reports } from '../ports.js'

const named = (contacts: readonly { readonly id: string; readonly number: string | null }[]) =>
  contacts.map(({ id, number }) => ({ id, number }))

/** Reports, as they are kept. */
export const createReports = (db: Db): Reports => ({
  begin: (id) => db.rpc('sync_report_begin', { p_id: id }),
  contacts: (contacts) => db.rpc('sync_report_contacts', { p_contacts: named(contacts) }),
  items: (ids) => db.rpc('sync_report_items', { p_ids: [...ids] }),
  invoices: (documents) => db.rpc('sync_report_invoices', { p_documents: named(documents) }),
  keep: async (id, { next, calls, read, seen, differences }) =>
    void (await db.rpc('sync_report_keep', {
      p_id: id,
      p_part: next.part,
      p_page: next.page,
      p_calls: calls,
      p_read: read,
      p_seen: [...seen],
      p_differences: [...differences],
    })),
  unseen: (id, limit) => db.rpc('sync_report_unseen', { p_id: id, p_limit: limit }),
  finish: (id) => db.rpc('sync_report_finish', { p_id: id }),
})
