import { dateIn } from '@afo/billing'
import type { JobHandler, JobOutcome } from '@afo/service'
import { readDocument } from '../core/status.js'
import { chooseWay, perIdCall } from '../core/way.js'
import type { Ports } from '../ports.js'
import { sayChanges } from '../say-changes.js'

/** What a reading came to. */
interface Reading {
  asked: number
  changed: number
  missing: number
}

/** payments.poll: Paid, Unpaid, Overdue and the amounts, by what changed since the last poll; `full` asks for every invoice by its id. */
export const pollPayments =
  (ports: Ports): JobHandler<'payments.poll'> =>
  async (message, { signal, progress }): Promise<JobOutcome> => {
    const { store, settings, timeZone } = ports
    if (!(await settings.read('sync')).payments)
      return { result: { summary: 'Payments are switched off in the settings' } }
    const open = await store.open()
    const today = dateIn(open.now, await timeZone(signal))
    const way = chooseWay(open, await store.changedSince(), message.body.full ?? false)

    const reading: Reading = { asked: 0, changed: 0, missing: 0 }
    const step = () => progress(reading.asked, way.by === 'changes' ? null : Math.max(open.open, reading.asked))
    const at =
      way.by === 'ids'
        ? await readByIds(ports, way.all, today, signal, reading, step)
        : await readChanges(ports, way.since, today, signal, reading, step)
    await store.setChangedSince(at ?? open.now, open.tenantId)

    const aged = await store.age(today)
    await sayChanges(ports, message)
    const changed = reading.changed + aged
    const summary = `${open.open} open, ${changed} changed${reading.missing > 0 ? `, ${reading.missing} gone from Xero` : ''}`
    return {
      result: {
        open: open.open,
        read: reading.asked,
        changed,
        missing: reading.missing,
        failed: reading.missing,
        summary,
      },
    }
  }

/** Answers when it began, by Xero's clock; null where nothing was asked. */
async function readByIds(
  { store, ledger }: Ports,
  all: boolean,
  today: string,
  signal: AbortSignal,
  reading: Reading,
  step: () => Promise<void>,
): Promise<string | null> {
  let begun: string | null = null
  for (let after: string | null = null; ; ) {
    const ids = await store.ids(all, after, perIdCall)
    if (ids.length === 0) return begun
    const { items: documents, at } = await ledger.byIds(ids, all ? 'reconcile' : 'schedule', signal)
    begun ??= at
    reading.changed += await store.apply(documents.map((document) => readDocument(document, today)))
    const there = new Set(documents.map((document) => document.invoiceID))
    const missing = ids.filter((id) => !there.has(id))
    await store.missing(missing)
    reading.missing += missing.length
    reading.asked += ids.length
    await step()
    after = ids.at(-1) ?? null
  }
}

/** Answers when it began, by Xero's clock. */
async function readChanges(
  { store, ledger }: Ports,
  since: string,
  today: string,
  signal: AbortSignal,
  reading: Reading,
  step: () => Promise<void>,
): Promise<string | null> {
  let begun: string | null = null
  for (let page = 1; ; page++) {
    const { items, more, at } = await ledger.changed(since, page, signal)
    begun ??= at
    reading.changed += await store.apply(items.map((document) => readDocument(document, today)))
    reading.asked += items.length
    await step()
    if (!more) return begun
  }
}
