import type { Settings } from '@afo/contracts'
import type { Db } from '@afo/db'

/** Rows removed at once: so few that nobody waits for the lock. */
const perStep = 500

export interface Retention {
  /** Removes some of what is older than the settings say. Answers how many rows; none when nothing is left, or a peer is at it. */
  step(): Promise<number>
}

export const createRetention = (
  db: Db,
  settings: { read(group: 'retention'): Promise<Settings<'retention'>> },
): Retention => ({
  step: async () => db.rpc('sync_retention_step', { p_days: await settings.read('retention'), p_limit: perStep }),
})
