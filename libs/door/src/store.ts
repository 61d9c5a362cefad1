import type { Rpcs } from '@afo/contracts'
import type { Db } from '@afo/db'
import type { z } from 'zod'

type Begin = z.input<Rpcs['sync_idempotency_begin']['args']>
type End = z.input<Rpcs['sync_idempotency_end']['args']>
type Entry = z.input<Rpcs['sync_audit']['args']>['p_entry']

/** The door's rows, by the functions that read and change them. Each is one transaction; what each may throw stands in `Db.rpc`. */
export const createDoorStore = (db: Db) => ({
  audit: (entry: Entry) => db.rpc('sync_audit', { p_entry: entry }),
  beginOnce: (begin: Begin) => db.rpc('sync_idempotency_begin', begin),
  endOnce: (end: End) => db.rpc('sync_idempotency_end', end),
  releaseOnce: (release: Omit<End, 'p_status' | 'p_answer'>) => db.rpc('sync_idempotency_release', release),
})

export type DoorStore = ReturnType<typeof createDoorStore>
