import { isHeld, organisationChanges, planInvoice, type Reference, sentinelFailures } from '@afo/billing'
import { type FailureReport, failures } from '@afo/contracts'
import type { JobHandler } from '@afo/service'
import type { CallOptions } from '@afo/xero'
import type { Ports } from '../ports.js'
import { periodOf } from './create.js'

export interface CheckPorts extends Pick<Ports, 'store' | 'settings' | 'reference'> {
  /** Reads Xero anew, whatever is kept. */
  readonly fresh: (options: CallOptions) => Promise<Reference>
}

const perReading = 200

/** invoices.check, the sentinel: plans everything that is ready to be billed, and tells what the organisation as it is now would refuse. */
export const checkBilling =
  ({ store, settings, reference, fresh }: CheckPorts): JobHandler<'invoices.check'> =>
  async (message, { signal, progress }) => {
    const setting = await settings.read('invoicing')
    const known = await (message.body.fresh ? fresh : reference)({ priority: 'schedule', signal })
    const period = periodOf({}, setting, known)
    const ids = await store.candidates(period)
    const found: FailureReport[] = []
    let held = 0
    for (let at = 0; at < ids.length; at += perReading) {
      await progress(at, ids.length)
      const { now, sources } = await store.sources(ids.slice(at, at + perReading), period, setting.numberPrefix)
      const plans = sources.map((source) => planInvoice(source, {}, setting, known, now))
      found.push(...plans.flatMap(sentinelFailures))
      held += plans.filter(isHeld).length
    }
    const closed = await store.sentinelFound(found, message.id)
    const failing = new Set(found.map(({ entityId }) => entityId)).size
    const summary = `${ids.length} checked, ${failing} would be refused${closed > 0 ? `, ${closed} came right` : ''}`
    return { result: { checked: ids.length, failing, held, closed, summary } }
  }

/** What changed last in Xero of that which invoices depend on, and what would fail for it now, with what to do. */
export async function readSentinel({ store }: Pick<Ports, 'store'>) {
  const { checkedAt, changed, failing } = await store.sentinel()
  const changes = changed.flatMap(({ name, at, previous, value }) =>
    organisationChanges(name, previous, value).map((change) => ({ ...change, at })),
  )
  const inWords = failing.map((row) => ({ ...row, title: failures[row.code].title, remedy: failures[row.code].remedy }))
  return { checkedAt, changes, failing: inWords }
}
