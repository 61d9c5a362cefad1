import type { xeroAuth } from '@afo/contracts'
import { toAppError } from '@afo/kit'
import type { z } from 'zod'
import type { Ports } from '../ports.js'

type Answer = z.input<typeof xeroAuth.disconnect.answer>

/** Ends the connection here and, where Xero can be reached, at Xero; says which. Nothing that fails at Xero keeps it connected here. */
export async function disconnect(ports: Ports, by: string): Promise<Answer> {
  const xero = await removeAtXero(ports)
  const disconnected = await ports.store.end(`disconnected by ${by}`)
  await ports.announce()
  return { disconnected, xero: disconnected ? xero : 'not-connected' }
}

async function removeAtXero({ store, connections, tokens, log }: Ports): Promise<Answer['xero']> {
  const { current } = await store.read()
  if (!current?.tokens) return 'not-connected'
  try {
    const live = await tokens.current()
    const access = live.tokens.accessToken
    const known =
      live.connectionId ?? (await connections.list(access)).find((o) => o.tenantId === live.tenantId)?.connectionId
    return known === undefined ? 'gone-already' : await connections.remove(access, known)
  } catch (thrown) {
    const err = toAppError(thrown)
    if (err.kind === 'bug') throw err
    log.warn({ err }, 'the connection could not be removed at Xero')
    return err.kind === 'disconnected' ? 'gone-already' : 'unreachable'
  }
}
