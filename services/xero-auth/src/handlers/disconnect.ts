import type { xeroAuth } from '@afo/contracts'
import { toAppError } from '@afo/kit'
import type { z } from 'zod'
import { isStale } from '../core/live.js'
import type { LiveConnection, Ports } from '../ports.js'

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
    // Without the app's secret Xero can't be asked: there it may well be connected still.
    return err.kind === 'disconnected' && err.code !== 'credentials-refused' ? 'gone-already' : 'unreachable'
  }
}

/** Xero refused a service for good. What it said of another token than today's, which somebody may keep for half an hour, is of no concern. */
export async function takeReportOfLoss(
  { store, times, announce }: Ports,
  { tenantId, reason, token }: z.output<typeof xeroAuth.disconnected.body>,
): Promise<{ marked: boolean }> {
  const { current } = await store.read()
  if (token && !(current?.tokens && isStale(current as LiveConnection, token))) return { marked: false }
  const code = reason === 'missing-scope' ? 'AFO-102' : 'AFO-101'
  // A connection made a moment ago may have been made while we looked: its next refusal is told again.
  const version = token ? (current?.version ?? null) : null
  const marked = await store.lost(tenantId, { code, reason, version, settledMs: times.settledMs })
  if (marked) await announce()
  return { marked }
}
