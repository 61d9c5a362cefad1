import type { Handler } from '@afo/bus'
import { derivedId } from '@afo/kit'
import type { NewCommand } from '@afo/service'
import type { Ports } from '../ports.js'

export interface ResumePorts extends Pick<Ports, 'store'> {
  /** Writes the command down, then publishes it; the same id again does nothing new. */
  readonly command: (command: NewCommand) => Promise<unknown>
}

/** contact.linked: what waited for this client's contact goes on, as a command of its own. */
export const resumeBilling =
  (ports: ResumePorts): Handler<'contact.linked'> =>
  async (message) => {
    await resume(ports, message.body.clientId)
    return []
  }

/** @param clientId null: whatever needn't wait any more */
export async function resume({ store, command }: ResumePorts, clientId: string | null): Promise<void> {
  for (const { id, body, askedBy } of await store.waitsReady(clientId)) {
    await command({ id: derivedId('resume', id), name: 'invoices.create', body, askedBy, triggeredBy: 'manual' })
    await store.dropWait(id)
  }
}
