import { dateIn } from '@afo/billing'
import type { Handler } from '@afo/bus'
import { derivedId } from '@afo/kit'
import type { NewCommand } from '@afo/service'
import type { Ports } from '../ports.js'

export interface ResumePorts extends Pick<Ports, 'store' | 'settings' | 'zone' | 'now'> {
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
export async function resume(
  { store, settings, zone, now, command }: ResumePorts,
  clientId: string | null,
): Promise<void> {
  const ready = await store.waitsReady(clientId)
  if (ready.length === 0 || !(await settings.read('sync')).invoices) return
  const today = dateIn(now(), zone)
  for (const { id, body, askedBy } of ready) {
    const asked = asOf(today, body)
    await command({ id: derivedId('resume', id), name: 'invoices.create', body: asked, askedBy, triggeredBy: 'manual' })
    await store.dropWait(id)
  }
}

/** What was asked for, perhaps weeks ago: what was overruled then is asked again, and a due date that has passed gives way to the default. */
const asOf = (today: string, { force: _, dueDate, ...rest }: NewCommand['body']): NewCommand['body'] =>
  typeof dueDate === 'string' && dueDate >= today ? { ...rest, dueDate } : rest
