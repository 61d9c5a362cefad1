import { type ExchangePlan, planExchange } from '../core/exchange.js'
import { batchSize, pageSize, pages, type Run, settle } from './run.js'
import { writeBatch } from './write.js'

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
  let writes: ExchangePlan[] = []
  for await (const page of pages((after) => run.ports.store.due(after, pageSize, query))) {
    const plans = page.map((client) => planExchange(client, switches))
    await settle(
      run,
      plans.filter((p) => !p.write).map((p) => p.outcome),
    )
    writes.push(...plans.filter((p) => p.write))
    while (writes.length >= batchSize) {
      await writeBatch(run, writes.slice(0, batchSize))
      writes = writes.slice(batchSize)
    }
  }
  await writeBatch(run, writes)
}
