import { planInvoice, standingOf } from '@afo/billing'
import type { Ports } from '../ports.js'
import { periodOf } from './create.js'

/** Plans anew what failed in billing, where something changed that may have been the cause, and closes what no longer stands. Bills nothing. */
export async function recheck({ store, settings, recent, times }: Ports, signal: AbortSignal): Promise<void> {
  const ids = await store.recheckDue(times.recheckMs)
  if (ids.length === 0) return
  const setting = await settings.read('invoicing')
  const known = await recent({ priority: 'schedule', signal })
  const { now, sources } = await store.sources(ids, periodOf({}, setting, known), setting.numberPrefix)
  await store.rechecked(sources.map((source) => standingOf(planInvoice(source, {}, setting, known, now))))
}
