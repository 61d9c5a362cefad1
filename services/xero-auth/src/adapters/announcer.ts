import type { Bus } from '@afo/bus'
import type { NewMessage } from '@afo/contracts'
import type { Db } from '@afo/db'
import { derivedId, type Log, repeat } from '@afo/kit'

/**
 * Says what changed about the connection and is not said yet: `xero.connected`, `xero.disconnected`. The change and the duty to say it are one
 * transaction; a bus that is down delays the fact, and the loop below makes up for it.
 */
export function createAnnouncer(db: Db, bus: Bus, log: Log) {
  async function say(): Promise<void> {
    for (const due of await db.rpc('sync_connection_unannounced', {})) {
      const { id, name, version, tenantId, tenantName, reason } = due
      const message = {
        name,
        key: tenantId,
        id: derivedId(name, id, String(version)),
        body: name === 'xero.connected' ? { tenantId, tenantName } : { tenantId, reason },
      } as NewMessage
      await bus.publish([message], { correlationId: id, causationId: null, tenantId })
      await db.rpc('sync_connection_announced', { p_id: id, p_name: name })
    }
  }

  const warn = (err: unknown) => log.warn({ err }, 'a change of the connection is not announced yet')
  const announce = () => say().catch(warn)
  return {
    announce,
    run: (everyMs: number, signal: AbortSignal) => repeat(() => announce().then(() => everyMs), signal, warn),
  }
}
