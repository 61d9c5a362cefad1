import { planExchange } from '../core/exchange.js'
import { inBatches } from './batches.js'
import { pageSize, pages, type Run, settle } from './run.js'

/** Merges every linked client that changed on either side, and writes what either side lacks. */
export async function exchange(run: Run): Promise<void> {
  const { switches, clientIds, contactIds } = run
  const query = {
    push: switches.contactsToXero,
    pull: switches.contactsFromXero,
    archive: switches.archiveInXero,
    clientIds,
    contactIds,
  }
  const batches = inBatches(run)
  for await (const page of pages((after) => run.ports.store.due(after, pageSize, query))) {
    const plans = page.map((client) => planExchange(client, switches))
    await settle(
      run,
      plans.filter((p) => !p.write).map((p) => p.outcome),
    )
    await batches.add(plans.filter((p) => p.write))
  }
  await batches.end()
}
