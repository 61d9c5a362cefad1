import type { NewMessage } from '@afo/contracts'
import { type Log, newId, sleep, toAppError } from '@afo/kit'
import { chunks } from './core/chunks.js'
import { type ResumePorts, resume } from './handlers/linked.js'
import type { Ports } from './ports.js'

export interface SweepPorts extends ResumePorts, Pick<Ports, 'store' | 'say'> {
  readonly log: Log
  readonly everyMs: number
  /** How long until what was asked for is asked for again. */
  readonly againMs: number
}

const perMessage = 50

/** Finds from Postgres what a crash or a wiped Redis left behind, until the signal aborts. Any number of replicas may do it at once. */
export async function runSweep(ports: SweepPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sweep(ports).catch((thrown: unknown) => ports.log.warn({ err: toAppError(thrown) }, 'sweep failed'))
    await sleep(ports.everyMs, signal)
  }
}

async function sweep(ports: SweepPorts): Promise<void> {
  const { store, say, againMs } = ports
  await resume(ports, await store.waitsReady(null))
  const stale = await store.stale(againMs)
  const messages = chunks(stale, perMessage).map((invoiceIds): NewMessage => {
    const id = newId()
    return { id, name: 'invoices.settle', key: id, body: { invoiceIds } }
  })
  if (messages.length === 0) return
  ports.log.info({ invoices: stale.length }, 'left behind, to be settled')
  const id = newId()
  await say(messages, { id, correlationId: id })
}
