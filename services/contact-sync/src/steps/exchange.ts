import { planExchange } from '@afo/contacts'
import type { DueQuery } from '../adapters/store.js'
import { inBatches } from './batches.js'
import { pageSize, pages, type Run } from './run.js'

/** Whom an exchange is about, within what the switches allow. */
export const dueFor = ({ switches, clientIds, contactIds }: Run): DueQuery => ({
  push: switches.contactsToXero,
  pull: switches.contactsFromXero,
  archive: switches.archiveInXero,
  clientIds,
  contactIds,
})

/**
 * Merges every linked client that changed on either side, and writes what either side lacks. What changed under a plan before its write began is planned
 * once more; after that it is the next run's.
 */
export async function exchange(run: Run): Promise<void> {
  for (const _round of [1, 2]) {
    const batches = inBatches(run)
    for await (const page of pages((after) => run.ports.store.due(after, pageSize, dueFor(run))))
      await batches.add(page.map((client) => planExchange(client, run.switches)))
    if ((await batches.end()) === 0) return
  }
}
