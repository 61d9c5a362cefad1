import { seen } from '@afo/contacts'
import type { PageSet } from '../ports.js'
import type { Run } from './run.js'

/** Contacts asked for by id in one go. */
const several = 400

/**
 * Reads what Xero changed since last time into our copy of its contacts; with `full`, everything. The cursor moves only when the set of pages is
 * complete; the place within the set is kept, so that a crash goes on there. It is the moment of the first page by Xero's clock, less an overlap.
 */
export async function readChanges(run: Run, full: boolean): Promise<void> {
  const { contacts, store, newId, overlapMs } = run.ports
  const cursor = await store.readCursor()
  const since = full ? null : cursor.since
  let set: PageSet = cursor.set?.since === since ? cursor.set : { id: newId(), since, page: 1, at: null }
  for (;;) {
    const page = await contacts.page({ since, page: set.page }, run)
    if (page.items.length > 0) run.counts.read += await store.see(page.items.map(seen), since === null ? set.id : null)
    set = { ...set, page: set.page + 1, at: set.at ?? page.at }
    if (set.page > page.pageCount) break
    await store.saveCursor({ since: cursor.since, set }, contacts.calledFor())
  }
  if (since === null && set.at !== null) await checkUnseen(run, set.id, set.at)
  const reached = set.at === null ? cursor.since : new Date(Date.parse(set.at) - overlapMs).toISOString()
  await store.saveCursor({ since: reached, set: null }, contacts.calledFor())
}

/** What a full reading didn't show is asked for by id: Xero may have lost it for good. */
async function checkUnseen(run: Run, set: string, before: string): Promise<void> {
  const { store } = run.ports
  for (;;) {
    const unseen = await store.unseen(set, before, several)
    if (unseen.length === 0) return
    const there = new Set(await readContacts(run, unseen))
    await store.checked(
      set,
      [...there],
      unseen.filter((id) => !there.has(id)),
    )
  }
}

/** Reads these contacts on their own account; answers those that Xero has. */
export async function readContacts(run: Run, ids: readonly string[]): Promise<readonly string[]> {
  const found = await run.ports.contacts.byIds(ids, run)
  run.counts.read += await run.ports.store.see(found.map(seen), null)
  return found.map((contact) => contact.contactID)
}
