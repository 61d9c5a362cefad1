import { instantText } from '@afo/contracts'
import type { Db } from '@afo/db'
import { parse } from '@afo/kit'
import { z } from 'zod'
import type { Store } from '../ports.js'

const cursor = 'payments.changed'
const cursorValue = z.object({ since: instantText.optional() })
const perSaying = 200

/** Payments' part of the database. */
export const createStore = (db: Db): Store => ({
  open: () => db.rpc('sync_payments_open', {}),
  ids: (all, after, limit) => db.rpc('sync_payments_ids', { p_all: all, p_after: after, p_limit: limit }),
  ours: (ids) => db.rpc('sync_payments_ours', { p_xero_ids: [...ids] }),
  apply: async (documents) =>
    documents.length === 0 ? 0 : db.rpc('sync_payments_apply', { p_documents: [...documents] }),
  missing: async (ids) => {
    if (ids.length > 0) await db.rpc('sync_payments_missing', { p_xero_ids: [...ids] })
  },
  age: (today) => db.rpc('sync_payments_age', { p_today: today }),
  unsaid: () => db.rpc('sync_payments_unsaid', { p_limit: perSaying }),
  said: async (changes) =>
    void (await db.rpc('sync_payments_said', { p_said: changes.map(({ id, changes }) => ({ id, changes })) })),
  changedSince: async () => {
    const { since } = parse(
      cursorValue,
      (await db.rpc('sync_cursor_read', { p_name: cursor })) ?? {},
      `cursor ${cursor}`,
    )
    return since ?? null
  },
  setChangedSince: async (instant, tenantId) =>
    void (await db.rpc('sync_payments_cursor', { p_value: { since: instant }, p_tenant_id: tenantId })),
})
