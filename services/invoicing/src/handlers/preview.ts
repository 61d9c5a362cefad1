import { type InvoicePlan, isHeld, planInvoice } from '@afo/billing'
import { dateText, id } from '@afo/contracts'
import { z } from 'zod'
import type { Ports } from '../ports.js'
import { periodOf } from './create.js'

export const previewQuery = z.strictObject({
  costCenterId: id.optional(),
  from: dateText.optional(),
  to: dateText.optional(),
  dueDate: dateText.optional(),
})

/** The exact invoices that would be made now, with every objection. Writes nothing; with warm caches it makes no call. Held ones take no number. */
export async function preview(
  { store, settings, reference }: Ports,
  query: z.output<typeof previewQuery>,
  signal: AbortSignal,
) {
  const setting = await settings.read('invoicing')
  const known = await reference({ priority: 'person', signal })
  const period = periodOf(query, setting, known)
  const ids = query.costCenterId ? [query.costCenterId] : await store.candidates(period)
  const { now, sources } = await store.sources(ids, period, setting.numberPrefix)
  let next = await store.nextNumber(setting.numberPrefix, setting.numberStart)
  const taken = () => `${setting.numberPrefix}${String(next++).padStart(setting.numberWidth, '0')}`
  const invoices = sources.map((source) => {
    const plan = planInvoice(source, query, setting, known, now)
    return show(plan, isHeld(plan) ? null : (source.keptNumber ?? taken()))
  })
  return { invoices }
}

const show = ({ client, timesheets, ...plan }: InvoicePlan, number: string | null) => ({
  ...plan,
  number,
  held: number === null,
  contact: client && { clientId: client.id, name: client.name, contactId: client.contactId },
  timesheets: timesheets.length,
})
