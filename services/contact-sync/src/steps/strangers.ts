import { seen } from '@afo/contacts'
import { type Run, sayLinked } from './run.js'

const several = 50

/** Contacts whose client was deleted here are never deleted in Xero; archived there if the setting says so. */
export async function archiveOrphans(run: Run): Promise<void> {
  const { contacts, store } = run.ports
  if (!run.switches.contactsToXero || !run.switches.archiveInXero) return
  for (;;) {
    const orphans = await store.orphaned(several)
    if (orphans.length === 0) return
    const results = await contacts.update(
      orphans.map((contactID) => ({ contactID, contactStatus: 'ARCHIVED' })),
      run,
    )
    await store.see(
      results.flatMap((result) => (result.ok ? [seen(result.value)] : [])),
      null,
    )
    await store.archiveRefused(orphans.filter((_, i) => !results[i]?.ok))
    run.counts.archived += results.filter((result) => result.ok).length
  }
}

/** Customers that only Xero knows become clients, if the setting says so. */
export async function adoptCustomers(run: Run): Promise<void> {
  if (!run.switches.contactsFromXero || run.switches.unknownContacts !== 'create') return
  for (;;) {
    const adopted = await run.ports.store.adoptCustomers(several)
    if (adopted.length === 0) return
    run.counts.adopted += adopted.length
    for (const { clientId, contactId } of adopted) sayLinked(run, clientId, contactId)
  }
}
