import type { JobHandler } from '@afo/service'
import type { Ports } from '../ports.js'
import { exchange } from '../steps/exchange.js'
import { followMerges, linkClients } from '../steps/link.js'
import { readChanges } from '../steps/read.js'
import { beginRun, type Counts, noCounts } from '../steps/run.js'
import { adoptCustomers, archiveOrphans } from '../steps/strangers.js'

/** contacts.sync: read what Xero changed, find every client its contact, exchange what either side lacks. Goes on, counts included, where a crash left it. */
export const syncContacts =
  (ports: Ports): JobHandler<'contacts.sync'> =>
  async (message, ctx) => {
    const full = message.body.full === true
    let done = ctx.before?.done ?? 0
    let total: number | null = null
    const advanced = () => ctx.progress(done, total === null ? null : Math.max(total, done), { counts: run.counts })
    const run = await beginRun({
      ports,
      owner: message.id,
      commandId: message.id,
      priority: full ? 'reconcile' : 'schedule',
      signal: ctx.signal,
      counts: { ...noCounts, ...ctx.before?.counts },
      advance: async (clients) => {
        done += clients
        await advanced()
      },
    })
    const { contactsToXero: push, contactsFromXero: pull } = run.switches
    if (!push && !pull) return { result: { summary: 'Contacts are switched off in the settings, both ways' } }

    if (message.body.weekly && !run.switches.weeklyReconcile)
      return { result: { summary: 'The weekly reconcile is switched off in the settings' } }

    await readChanges(run, full)
    total = done + (await ports.store.waiting(push, pull))
    await advanced()
    await followMerges(run)
    await linkClients(run)
    await adoptCustomers(run)
    await exchange(run)
    await archiveOrphans(run)
    return { result: { ...run.counts, summary: summarise(run.counts) }, says: run.says }
  }

const summarise = (counts: Counts): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ') || 'Nothing had changed'
