import { AppError } from '@afo/kit'
import type { MessageHandler, Ports } from '../ports.js'
import { exchange } from '../steps/exchange.js'
import { followMerges, linkClients } from '../steps/link.js'
import { readChanges } from '../steps/read.js'
import { beginRun, sayLinked, sayUnmatched } from '../steps/run.js'

/** contacts.push: these clients now, also where they failed before; says of each whether it has its contact. */
export const pushClients =
  (ports: Ports): MessageHandler<'contacts.push'> =>
  async ({ id, body: { clientIds } }, { signal }) => {
    const run = await beginRun({ ports, owner: id, priority: 'invoice', signal, clientIds })
    const before = await ports.store.standing(clientIds)
    if (before.some((client) => client.state !== 'linked' || client.dirty)) {
      await readChanges(run, false)
      await followMerges(run)
      await linkClients(run)
      await exchange(run)
    }
    const standing = await ports.store.standing(clientIds)
    if (run.switches.contactsToXero && standing.some((client) => client.state === 'waiting')) {
      throw new AppError('notReady', 'Another process is sending this client to Xero', { countsAsAttempt: false })
    }
    // What became of clients that went first of these is said too.
    const told = { ...run, says: run.says.filter(({ key }) => !clientIds.includes(key)) }
    for (const { clientId, contactId } of standing) {
      if (contactId !== null) sayLinked(told, clientId, contactId)
      else sayUnmatched(told, clientId)
    }
    return told.says
  }
