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

/** Merges every linked client that changed on either side, and writes what either side lacks. */
export async function exchange(run: Run): Promise<void> {
  const batches = inBatches(run)
  for await (const page of pages((after) => run.ports.store.due(after, pageSize, dueFor(run))))
    await batches.add(page.map((client) => planExchange(client, run.switches)))
  await batches.end()
}
