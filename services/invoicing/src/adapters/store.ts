import type { Db } from '@afo/db'
import { AppError } from '@afo/kit'
import type { Period, Store } from '../ports.js'

/** Invoicing's part of the database. */
export function createStore(db: Db): Store {
  const period = ({ from, to, billFrom, timeZone }: Period) => ({
    p_from: from ?? null,
    p_to: to ?? null,
    p_bill_from: billFrom,
    p_zone: timeZone,
  })
  return {
    candidates: (asked) => db.rpc('sync_billing_candidates', period(asked)),
    sources: (ids, asked, prefix) =>
      db.rpc('sync_billing_sources', { p_ids: [...ids], ...period(asked), p_prefix: prefix }),
    nextNumber: (prefix, start) => db.rpc('sync_invoice_series_next', { p_prefix: prefix, p_start: start }),
    claim: async (claim) => {
      try {
        return await db.rpc('sync_invoice_claim', { p_claim: claim })
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.code === 'changed') return null
        throw thrown
      }
    },
    held: async (held) => void (await db.rpc('sync_billing_held', { p_held: [...held] })),
    read: (ids) => db.rpc('sync_invoices_read', { p_ids: [...ids] }),
    takeAbandoned: (ids, leaseMs) =>
      db.rpc('sync_invoices_take', { p_ids: [...ids], p_command_id: null, p_lease_ms: leaseMs }),
    takeOwn: (commandId, leaseMs) =>
      db.rpc('sync_invoices_take', { p_ids: null, p_command_id: commandId, p_lease_ms: leaseMs }),
    sending: (batch) => db.rpc('sync_invoices_sending', { p_batch: { ...batch, invoices: [...batch.invoices] } }),
    batch: (batchId) => db.rpc('sync_invoices_batch', { p_batch_id: batchId }),
    settle: async (outcomes) => {
      if (outcomes.length === 0) return []
      const changed = await db.rpc('sync_invoices_settle', { p_outcomes: [...outcomes] })
      return changed.map(({ id }) => id)
    },
    ofCommand: (commandId) => db.rpc('sync_invoices_of_command', { p_command_id: commandId }),
    stale: (againMs) => db.rpc('sync_invoices_stale', { p_again_ms: againMs, p_limit: 500 }),
    waitsReady: (clientId) => db.rpc('sync_invoice_waits_ready', { p_client_id: clientId }),
    dropWaits: async (ids) => void (await db.rpc('sync_invoice_waits_drop', { p_ids: [...ids] })),
    startNote: (id, leaseMs) => db.rpc('sync_invoice_note_start', { p_id: id, p_lease_ms: leaseMs }),
    endNote: async (id, how, message) =>
      void (await db.rpc('sync_invoice_note_end', { p_id: id, p_how: how, p_message: message ?? null })),
    void: (id, xeroStatus, by) =>
      db.rpc('sync_invoice_void', { p_id: id, p_xero_status: xeroStatus, p_by: by, p_said: true }),
  }
}
