import { sleep } from '@afo/kit'
import type { MessageHandler, Ports } from '../ports.js'
import { exchange } from '../steps/exchange.js'
import { followMerges } from '../steps/link.js'
import { readContacts } from '../steps/read.js'
import { beginRun } from '../steps/run.js'

/** Contacts of one gathering. */
const most = 400

/**
 * contacts.pull: reads contacts that webhooks say have changed. What several messages ask for within a moment is one read, by whoever takes it; the others
 * find nothing left to do. One that a crash loses is read with the next sync.
 */
export const pullContacts =
  (ports: Ports): MessageHandler<'contacts.pull'> =>
  async ({ id, at: askedAt, body }, { signal }) => {
    const { store, gatherMs } = ports
    const run = await beginRun({ ports, owner: id, priority: 'webhook', signal })
    if (!run.switches.contactsFromXero) return []
    await store.want(body.contactIds, askedAt, body.changedAt ?? {})
    await sleep(gatherMs, signal)
    const { contactIds, at } = await store.takeWanted(most)
    if (contactIds.length === 0) return []
    try {
      await readContacts(run, contactIds)
      await followMerges(run)
      await exchange({ ...run, contactIds })
      await store.wereRead(contactIds, at)
    } catch (thrown) {
      await store.wereRead(contactIds, null)
      throw thrown
    }
    return [...run.says, { name: 'contact.pulled', key: id, body: { contactIds: [...contactIds] } }]
  }
