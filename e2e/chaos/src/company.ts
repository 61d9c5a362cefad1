import { randomUUID } from 'node:crypto'
import type { Chance } from './random.js'
import type { World } from './world.js'

/** Something the office decided to bill: its hours, and what they come to by arithmetic of our own. */
export interface Decision {
  readonly costCenterId: string
  /** Its purchase order number: no two decisions share one, so it names the documents in Xero. */
  readonly reference: string
  readonly label: string
  readonly totalCents: bigint
}

/** A new cost centre with approved hours; now and then of a client that isn't in Xero yet. */
export async function decide(world: World, chance: Chance): Promise<Decision> {
  const { sql } = world
  const [clientId, projectId, costCenterId, activityId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  const code = `CHAOS-${projectId.slice(0, 13)}`
  const reference = `PO ${costCenterId}`
  const client = `Customer ${clientId}`
  const linked = chance.next() < 0.7
  const contactId = linked ? await contactOf(world, client) : null
  const rate = BigInt(chance.int(1, 2_500_000))
  const hours = Array.from({ length: chance.int(1, 5) }, () => BigInt(chance.int(1, 120_000)))
  await sql.begin(async (tx) => {
    await tx`insert into clients (id, name, xero_contact_id, xero_contact_status) values (${clientId}, ${client}, ${contactId}, ${linked ? 'ACTIVE' : null})`
    await tx`insert into projects (id, code, name, client_id) values (${projectId}, ${code}, ${code}, ${clientId})`
    await tx`insert into cost_centers (id, project_id, name, customer_po_number) values (${costCenterId}, ${projectId}, 'Labor', ${reference})`
    await tx`insert into activity_types (id, name, default_rate) values (${activityId}, ${`Work ${code}`}, ${decimal(rate)}::text::numeric)`
    for (const hour of hours)
      await tx`insert into timesheets (cost_center_id, activity_type_id, worker_name, work_date, hours, status)
        values (${costCenterId}, ${activityId}, 'Aroha', '2026-11-01', ${decimal(hour)}::text::numeric, 'approved')`
  })
  // One line: quantity x price half-up to the cent, tax of 15 % half-up to the cent; in exact integers.
  const net = halfUp(hours.reduce((sum, hour) => sum + hour, 0n) * rate, 1_000_000n)
  return { costCenterId, reference, label: `${code} - Labor`, totalCents: net + halfUp(net * 15n, 100n) }
}

async function contactOf(world: World, name: string): Promise<string> {
  const { ContactID } = (await world.inXero('contacts', { action: 'create', contact: { Name: name } })) as {
    ContactID: string
  }
  return ContactID
}

const decimal = (tenThousandths: bigint) =>
  `${tenThousandths / 10_000n}.${String(tenThousandths % 10_000n).padStart(4, '0')}`
const halfUp = (n: bigint, divisor: bigint) => (2n * n + divisor) / (2n * divisor)
