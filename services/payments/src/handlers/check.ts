import { dateIn } from '@afo/billing'
import type { Handler } from '@afo/bus'
import { readDocument } from '../core/status.js'
import { perIdCall } from '../core/way.js'
import type { Ports } from '../ports.js'
import { sayChanges } from '../say-changes.js'

/** payments.check: a webhook named these documents. It may name anybody's, so ours are picked out first, without a call. */
export const checkPayments =
  (ports: Ports): Handler<'payments.check'> =>
  async (message, { signal }) => {
    const { store, ledger, timeZone } = ports
    const ids = await store.ours(message.body.xeroInvoiceIds)
    if (ids.length > 0) {
      const { now } = await store.open()
      const today = dateIn(now, await timeZone(signal))
      for (let at = 0; at < ids.length; at += perIdCall) {
        const { items } = await ledger.byIds(ids.slice(at, at + perIdCall), 'webhook', signal)
        await store.apply(items.map((document) => readDocument(document, today)))
      }
    }
    await sayChanges(ports, message)
    return []
  }
