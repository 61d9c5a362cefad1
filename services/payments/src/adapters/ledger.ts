import type { Db } from '@afo/db'
import { expectOk, ianaTimeZone, type XeroApi } from '@afo/xero'
import type { Ledger } from '../ports.js'

const pageSize = 1_000

export const createLedger = (xero: XeroApi): Ledger => ({
  byIds: async (ids, priority, signal) =>
    expectOk(await xero.invoices.list({ ids, page: 1, pageSize }, { priority, signal })).items,
  changed: async (modifiedSince, page, signal) => {
    const query = { modifiedSince, page, pageSize, where: 'Type=="ACCREC"' }
    const { items, pageCount } = expectOk(await xero.invoices.list(query, { priority: 'schedule', signal }))
    return { items, more: page < pageCount }
  },
})

/** The organisation's time zone as invoicing last read it; asked of Xero where it never did. */
export const createTimeZone =
  (db: Db, xero: XeroApi, fallback: string) =>
  async (signal: AbortSignal): Promise<string> => {
    const { organisation } = await db.rpc('sync_reference_read', { p_names: ['organisation'] })
    const kept = organisation?.value as { timezone?: string | null } | undefined
    if (kept) return ianaTimeZone(kept.timezone ?? null) ?? fallback
    const read = expectOk(await xero.organisation.get({ priority: 'schedule', signal }))
    await db.rpc('sync_reference_write', { p_name: 'organisation', p_value: read as never })
    return ianaTimeZone(read.timezone) ?? fallback
  }
