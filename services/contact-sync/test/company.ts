import { syncedFields } from '@afo/contracts'
import type { ServiceRig } from '@afo/testing'

/** Xero without contacts of its own. */
export const bare = () => ({ organisations: [{ tenantId: crypto.randomUUID(), name: 'Bare', seed: 'bare' as const }] })

/** Both sides empty again, as at the start. */
export async function reset(rig: ServiceRig): Promise<void> {
  const { control } = rig.xero
  control.clearFaults()
  books(rig).contacts.clear()
  await rig.sql(
    'truncate clients, xero_contacts, xero_contact_wants, xero_cursors, xero_failures, xero_conflicts, xero_matches, app_settings cascade',
  )
  control.clearCalls()
}

const columns = [...syncedFields.filter((field) => field !== 'archived'), 'archived_at'] as const
type Column = (typeof columns)[number]
type Given = Partial<Record<Column, string | null>> & { id?: string }

/** Adds clients, each with a name of its own unless told; answers their ids in order. */
export async function addClients(rig: ServiceRig, clients: readonly Given[]): Promise<string[]> {
  const rows = clients.map((client) => ({ id: crypto.randomUUID(), name: `Client ${crypto.randomUUID()}`, ...client }))
  await rig.sql('insert into clients select * from jsonb_populate_recordset(null::clients, $1::text::jsonb)', [
    JSON.stringify(rows.map((row) => ({ revision: 1, created_at: new Date(), updated_at: new Date(), ...row }))),
  ])
  return rows.map((row) => row.id)
}

export async function editClient(rig: ServiceRig, id: string, change: Given): Promise<void> {
  const set = Object.keys(change).map((column, i) => `${column} = $${i + 2}`)
  await rig.sql(`update clients set ${set.join(', ')} where id = $1`, [id, ...Object.values(change)])
}

export interface ClientRow {
  readonly [column: string]: string | null
  readonly id: string
  readonly name: string
}

/** Clients as text by their ids, each with `dirty` ('true' or 'false'). */
export async function clientsById(rig: ServiceRig, ids: readonly string[]): Promise<(id: string) => ClientRow> {
  const rows = await rig.sql<{ id: string; row: string }>(
    `select id::text, (to_jsonb(c) || jsonb_build_object('dirty', (xero_synced_revision is distinct from revision)::text))::text as row
     from clients c where id = any($1)`,
    [ids],
  )
  const byId = new Map(rows.map(({ id, row }) => [id, JSON.parse(row) as ClientRow]))
  return (id) => {
    const row = byId.get(id)
    if (!row) throw new Error(`no client ${id}`)
    return row
  }
}

export const client = async (rig: ServiceRig, id: string): Promise<ClientRow> => (await clientsById(rig, [id]))(id)

/** What Xero holds, under the hood of the sandbox. */
export function books(rig: ServiceRig) {
  const [store] = rig.xero.control.world.stores
  if (!store) throw new Error('no organisation')
  return store
}

export const contacts = (rig: ServiceRig) => books(rig).contacts.sorted()

/** The contact in Xero of a client. */
export async function contactOf(rig: ServiceRig, clientId: string) {
  const { xero_contact_id } = await client(rig, clientId)
  return books(rig).contacts.get(xero_contact_id ?? '')
}

export const openFailures = (rig: ServiceRig) =>
  rig.sql<{ entity_id: string; code: string; message: string; details: string }>(
    'select entity_id, code, message, details::text from xero_failures where resolved_at is null order by code',
  )

export const openQuestions = (rig: ServiceRig) =>
  rig.sql<{ client_id: string; reason: string; candidates: string }>(
    `select client_id::text, reason, candidates::text from xero_matches where state = 'open'`,
  )

export const openConflicts = (rig: ServiceRig) =>
  rig.sql<{
    id: string
    client_id: string
    field: string
    base: string | null
    ours: string | null
    theirs: string | null
  }>(
    `select id::text, client_id::text, field, base, ours, theirs from xero_conflicts where state = 'open' order by field`,
  )

export const setSync = (rig: ServiceRig, settings: object) =>
  rig.db.rpc('sync_settings_write', { p_settings: [{ key: 'sync', value: JSON.stringify(settings) }] })

/** Calls to Xero's API since the last look. */
export function calls(rig: ServiceRig): Record<string, number> {
  const counts = rig.xero.control.callsByEndpoint()
  rig.xero.control.clearCalls()
  return Object.fromEntries(Object.entries(counts).filter(([endpoint]) => /Contacts/.test(endpoint)))
}
