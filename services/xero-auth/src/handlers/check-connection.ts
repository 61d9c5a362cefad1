import type { NewMessage } from '@afo/contracts'
import { toAppError } from '@afo/kit'
import type { JobHandler, JobOutcome } from '@afo/service'
import { daysLeft, warningDue } from '../core/health.js'
import type { Connection, ConnectionStore, Ports } from '../ports.js'

/**
 * `connection.check`, daily: renews a consent that nobody used for a day (Xero forgets it after 60), notices an organisation that was disconnected
 * inside Xero, and warns a person while there is time.
 */
export function checkConnection(ports: Ports): JobHandler<'connection.check'> {
  const { store, times } = ports
  return async (): Promise<JobOutcome> => {
    const { current } = await store.read()
    if (!current?.tokens) return { result: { connected: false, summary: 'Xero is not connected' } }
    const problem = await renewAndLook(ports, current)
    const after = (await store.read()).current
    if (!after?.tokens) return { result: { connected: false, summary: after?.disconnectedReason ?? 'Disconnected' } }
    const left = daysLeft(after.refreshedAgoMs, times.dayMs)
    const summary = problem ?? `The consent is good for ${left} days`
    return {
      result: { connected: true, daysLeft: left, failed: problem === null ? 0 : 1, summary },
      says: await warnings(store, after, left),
    }
  }
}

async function renewAndLook({ store, connections, tokens, log, times, announce }: Ports, current: Connection) {
  try {
    const live = current.refreshedAgoMs > times.dayMs ? await tokens.renew() : await tokens.current()
    const reachable = await connections.list(live.tokens.accessToken)
    if (!reachable.some((o) => o.tenantId === live.tenantId)) {
      const reason = `${live.tenantName} was disconnected inside Xero`
      const { tenantId, version } = live
      if (await store.lost(tenantId, { code: 'AFO-101', reason, version, settledMs: 0 })) await announce()
    }
    return null
  } catch (thrown) {
    const err = toAppError(thrown)
    if (err.kind === 'bug') throw err
    log.warn({ err }, 'the connection could not be checked')
    return err.message
  }
}

async function warnings(store: ConnectionStore, connection: Connection, left: number): Promise<NewMessage[]> {
  const due = warningDue(left)
  if (due === null || !(await store.warn(connection, due))) return []
  const { tenantId } = connection
  return [{ name: 'xero.lapsing', key: `${tenantId} ${due}`, body: { tenantId, daysLeft: left } }]
}
