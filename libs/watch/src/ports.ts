import type { AlertSecret, endpoints, Settings } from '@afo/contracts'
import type { Db } from '@afo/db'
import type { DoorPorts, HandlersOf } from '@afo/door'
import type { Alerting } from './alerts/alerting.js'

/** What the routes of reports, alerts and retention work with; the gateway's ports have it. */
export interface WatchPorts extends DoorPorts {
  readonly db: Db
  readonly settings: { read<G extends 'alerts' | 'retention'>(group: G): Promise<Settings<G>> }
  readonly alerting: Alerting
  /** Null removes one, what is left out stays. */
  readonly saveAlertSecrets: (secrets: Partial<Record<AlertSecret, string | null>>) => Promise<void>
}

export type WatchHandlers = Partial<HandlersOf<typeof endpoints, WatchPorts>>
