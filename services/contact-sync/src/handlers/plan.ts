import { previewLinked, previewUnlinked } from '@afo/contacts'
import type { PlannedClient } from '@afo/contracts'
import type { JobHandler } from '@afo/service'
import type { Ports } from '../ports.js'
import { dueFor } from '../steps/exchange.js'
import { readChanges } from '../steps/read.js'
import { beginRun, pageSize, pages } from '../steps/run.js'

/** contacts.plan: a dry run of the sync. Reads Xero, writes nothing but the plan itself, a row for each client that something would happen to. */
export const planContacts =
  (ports: Ports): JobHandler<'contacts.plan'> =>
  async ({ id }, ctx) => {
    const { store } = ports
    const run = await beginRun({ ports, owner: id, priority: 'person', signal: ctx.signal })
    let done = 0
    const counts = { link: 0, create: 0, ask: 0, change: 0, refuse: 0 }
    const keep = async (rows: readonly PlannedClient[]) => {
      await store.keepPlan(id, rows)
      for (const { action } of rows) counts[action]++
      done += rows.length
      await ctx.progress(done, null)
    }
    await readChanges(run, false)
    await keep([])
    for await (const page of pages((after) => store.unlinked(after, pageSize, null)))
      await keep(page.map((client) => previewUnlinked(client, run.switches)))
    for await (const page of pages((after) => store.due(after, pageSize, dueFor(run))))
      await keep(page.map((client) => previewLinked(client, run.switches)).filter((row) => row.fields.length > 0))
    return { result: counts }
  }
