import type { endpoints } from '@afo/contracts'
import type { Db } from '@afo/db'
import type { DoorPorts, HandlersOf } from '@afo/door'

/** What the routes of reports, alerts and retention work with; the gateway's ports have it. */
export interface WatchPorts extends DoorPorts {
  readonly db: Db
}

export type WatchHandlers = Partial<HandlersOf<typeof endpoints, WatchPorts>>
