import { derivedId, type Log, newId, sleep, toAppError, withContext } from '@afo/kit'
import { perBatch } from './deliver.js'
import { type ResumePorts, resume } from './handlers/linked.js'
import { recheck } from './handlers/recheck.js'
import type { Ports } from './ports.js'

export type SweepPorts = Ports & ResumePorts & { readonly log: Log }

/** Finds from Postgres what a crash or a wiped Redis left behind, until the signal aborts. Any number of replicas may do it at once. */
export async function runSweep(ports: SweepPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const part of [sweep, recheck])
      await withContext({ correlationId: newId() }, () => part(ports, signal)).catch((thrown: unknown) =>
        ports.log.warn({ err: toAppError(thrown) }, `${part.name} failed`),
      )
    await sleep(ports.times.sweepMs, signal)
  }
}

async function sweep(ports: SweepPorts): Promise<void> {
  const { store, say, command, times, log } = ports
  await resume(ports, null)
  const changedAt = await store.sentinelDue()
  if (changedAt !== null) {
    const id = derivedId('invoices.check', changedAt)
    await command({ id, name: 'invoices.check', body: {}, askedBy: 'the sentinel', triggeredBy: 'scheduled' })
  }
  const clientIds = await store.waitsOverdue(times.repeatMs)
  if (clientIds.length > 0) {
    const id = newId()
    await say([{ id, name: 'contacts.push', key: id, body: { clientIds } }], { id, correlationId: id })
  }
  const stale = await store.stale({ againMs: times.leaseMs, noteAgainMs: times.noteAgainMs })
  if (stale.length > 0) log.info({ invoices: stale.length }, 'left behind, to be settled')
  for (let at = 0; at < stale.length; at += perBatch) {
    const id = newId()
    const body = { invoiceIds: stale.slice(at, at + perBatch) }
    await say([{ id, name: 'invoices.settle', key: id, body }], { id, correlationId: id })
  }
}
