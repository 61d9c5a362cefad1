import type { xeroAuth } from '@afo/contracts'
import { type Log, toAppError } from '@afo/kit'
import type { z } from 'zod'
import type { ConnectionStore, XeroConnections } from '../ports.js'
import type { Tokens } from './tokens.js'

export interface DisconnectPorts {
  readonly store: ConnectionStore
  readonly connections: XeroConnections
  readonly tokens: Tokens
  readonly log: Log
  readonly announce: () => Promise<void>
}

type Answer = z.input<typeof xeroAuth.disconnect.answer>

/** Ends the connection here and, where Xero can be reached, at Xero; says which. Nothing that fails at Xero keeps it connected here. */
export async function disconnect(ports: DisconnectPorts, by: string): Promise<Answer> {
  const xero = await removeAtXero(ports)
  const disconnected = await ports.store.end(`disconnected by ${by}`)
  await ports.announce()
  return { disconnected, xero: disconnected ? xero : 'not-connected' }
}

async function removeAtXero({ store, connections, tokens, log }: DisconnectPorts): Promise<Answer['xero']> {
  const { current } = await store.read()
  if (!current?.tokens) return 'not-connected'
  try {
    const live = await tokens.current()
    return live.connectionId === null ? 'gone-already' : await connections.remove(live.tokens.access, live.connectionId)
  } catch (thrown) {
    const err = toAppError(thrown)
    if (err.kind === 'bug') throw err
    log.warn({ err }, 'the connection could not be removed at Xero')
    return err.kind === 'disconnected' ? 'gone-already' : 'unreachable'
  }
}
