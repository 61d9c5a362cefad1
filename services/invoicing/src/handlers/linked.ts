import type { Handler } from '@afo/bus'
import { derivedId } from '@afo/kit'
import type { NewCommand } from '@afo/service'
import type { Ports, Wait } from '../ports.js'

export interface ResumePorts extends Pick<Ports, 'store'> {
  /** Writes the command down, then publishes it; the same id again does nothing new. */
  readonly command: (command: NewCommand) => Promise<unknown>
}

/** contact.linked: what waited for this client's contact goes on, as a command of its own. */
export const resumeBilling =
  (ports: ResumePorts): Handler<'contact.linked'> =>
  async (message) => {
    await resume(ports, await ports.store.waitsReady(message.body.clientId))
    return []
  }

export async function resume({ store, command }: ResumePorts, waits: readonly Wait[]): Promise<void> {
  for (const { id, body, askedBy } of waits) {
    await command({
      id: derivedId('resume', id),
      name: 'invoices.create',
      body: { ...body },
      askedBy,
      triggeredBy: 'manual',
    })
    await store.dropWaits([id])
  }
}
