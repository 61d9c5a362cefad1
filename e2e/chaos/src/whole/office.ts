import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { sleep } from '@afo/kit'
import { z } from 'zod'
import type { Chance } from '../random.js'
import type { World } from '../world.js'
import { insist } from './insist.js'

/** Our people edit these, people in Xero those, and one is edited by both. Phones and addresses go to Xero as whole lists, so each has one side. */
const ours = ['first_name', 'phone'] as const
const theirs = ['last_name', 'city'] as const
export const contested = 'tax_number'
export const edited = [...ours, ...theirs] as const
export type Edited = (typeof edited)[number]

/** A client, and what it must come to by what people typed. */
export interface Client {
  readonly id: string
  readonly name: string
  readonly typed: Partial<Record<Edited, string>>
  contactId: string | null
}

/** A cost centre and what its approved hours come to by arithmetic of our own. */
export interface CostCentre {
  readonly id: string
  readonly reference: string
  readonly note: string
  readonly totalCents: bigint
}

const accepted = z.object({ id: z.string() })

/** The company, its people and what they did. */
export class Office {
  readonly clients: Client[] = []
  readonly costCentres: CostCentre[] = []
  /** Ids of the commands that were accepted. */
  readonly commands = new Set<string>()

  constructor(
    private readonly world: World,
    private readonly chance: Chance,
  ) {}

  /** Clients, some of which are in Xero already, and cost centres with approved hours. */
  async found(clients: number, costCentres: number): Promise<void> {
    const { sql } = this.world
    await sql`truncate clients cascade`
    for (let i = 0; i < clients; i++)
      this.clients.push({ id: randomUUID(), name: `Customer ${i} of Chaos`, typed: {}, contactId: null })
    const rows = this.clients.map(({ id, name }, i) => ({ id, name, email: `customer${i}@chaos.example` }))
    await sql`insert into clients (id, name, email) select id, name, email from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r (id uuid, name text, email text)`
    for (const [i, { name }] of this.clients.entries())
      if (i % 10 === 0)
        await this.world.inXero('contacts', {
          action: 'create',
          contact: { Name: name, EmailAddress: `customer${i}@chaos.example` },
        })
    for (let i = 0; i < costCentres; i++) this.costCentres.push(await this.#costCentre(i))
  }

  /** Everything people do until the signal, each at their own pace; all cost centres are billed by then. */
  async work(forMs: number, until: AbortSignal): Promise<void> {
    const often = async (everyMs: number, act: () => Promise<unknown>) => {
      while (!until.aborted) {
        await act()
        await sleep(this.chance.int(everyMs / 2, everyMs * 1.5), until)
      }
    }
    await Promise.all([
      often(120, () => this.#editOurs()),
      often(120, () => this.#editTheirs()),
      often(5_000, () => this.#note()),
      often(6_000, () => this.ask('/admin/xero/sync-clients', {})),
      often(10_000, () => this.ask('/admin/xero/sync-payments', {})),
      often(30_000, () => this.ask('/admin/xero/sync-items', {})),
      often(20_000, () => this.ask('/admin/xero/sync-invoices', {})),
      often(400, () => this.#pay()),
      this.#bill(forMs * 0.9),
    ])
  }

  /** Asks as the console does: the same wish until it is taken, under one key. Answers the command's id. */
  async ask(path: string, body: object): Promise<string> {
    const key = { 'idempotency-key': randomUUID() }
    const { id } = await insist(() => this.world.admin.send('POST', path, body, accepted, key))
    this.commands.add(id)
    return id
  }

  async #bill(forMs: number): Promise<void> {
    const everyMs = forMs / this.costCentres.length
    const asked: Promise<unknown>[] = []
    for (const { id } of this.costCentres) {
      asked.push(this.ask('/admin/invoices', { costCenterId: id }))
      await wait(everyMs)
    }
    await Promise.all(asked)
  }

  async #editOurs(): Promise<void> {
    const client = this.chance.pick(this.clients)
    const field = this.chance.next() < 0.05 ? contested : this.chance.pick(ours)
    const value = this.#word(field)
    const { sql } = this.world
    await insist(() => sql`update clients set ${sql({ [field]: value })} where id = ${client.id}`)
    if (field !== contested) client.typed[field] = value
  }

  async #editTheirs(): Promise<void> {
    const client = this.chance.pick(this.clients)
    if (client.contactId === null) return
    const field = this.chance.next() < 0.05 ? contested : this.chance.pick(theirs)
    const value = this.#word(field)
    await this.world.inXero('contacts', { action: 'edit', id: client.contactId, contact: inXero(field, value) })
    if (field !== contested) client.typed[field] = value
  }

  /** Who has a contact by now can be edited in Xero. */
  async #note(): Promise<void> {
    const { sql } = this.world
    const rows = await insist(
      () =>
        sql<
          { id: string; contact: string }[]
        >`select id::text, xero_contact_id as contact from clients where xero_contact_id is not null`,
    )
    const contacts = new Map(rows.map(({ id, contact }) => [id, contact]))
    for (const client of this.clients) client.contactId = contacts.get(client.id) ?? null
  }

  /** A customer pays all or a part of an invoice. */
  async #pay(): Promise<void> {
    const { sql } = this.world
    const [invoice] = await insist(
      () => sql<{ number: string; due: string }[]>`select number, coalesce(amount_due, total)::text as due from invoices
        where state = 'issued' and payment_status is distinct from 'Paid' order by random() limit 1`,
    )
    if (!invoice || Number(invoice.due) < 1) return
    const part = this.chance.next() < 0.3 ? { amount: '0.5' } : {}
    // Paid twice at the till: Xero refuses, and that is that.
    await this.world.inXero('payments', { action: 'pay', invoice: invoice.number, ...part }).catch(() => undefined)
  }

  async #costCentre(nth: number): Promise<CostCentre> {
    const { sql } = this.world
    const [project, id, activity] = [randomUUID(), randomUUID(), randomUUID()]
    const code = `CHAOS-${String(nth).padStart(4, '0')}`
    const reference = `PO ${id}`
    const rate = BigInt(this.chance.int(1, 2_500_000))
    const hours = Array.from({ length: this.chance.int(1, 5) }, () => BigInt(this.chance.int(1, 120_000)))
    await sql.begin(async (tx) => {
      await tx`insert into projects (id, code, name, client_id) values (${project}, ${code}, ${code}, ${this.chance.pick(this.clients).id})`
      await tx`insert into cost_centers (id, project_id, name, customer_po_number) values (${id}, ${project}, 'Labor', ${reference})`
      await tx`insert into activity_types (id, name, default_rate) values (${activity}, ${`Work ${code}`}, ${decimal(rate)}::text::numeric)`
      for (const hour of hours)
        await tx`insert into timesheets (cost_center_id, activity_type_id, worker_name, work_date, hours, status)
          values (${id}, ${activity}, 'Aroha', '2026-11-01', ${decimal(hour)}::text::numeric, 'approved')`
    })
    // One line: quantity x price half-up to the cent, tax of 15 % half-up to the cent; in exact integers.
    const net = halfUp(hours.reduce((sum, hour) => sum + hour, 0n) * rate, 1_000_000n)
    return { id, reference, note: `${code} - Labor`, totalCents: net + halfUp(net * 15n, 100n) }
  }

  #word(field: string): string {
    const number = this.chance.int(1, 9_999_999)
    return field === 'phone' ? `021 ${number}` : `${field.slice(0, 4)} ${number}`
  }
}

const inXero = (field: string, value: string) => {
  if (field === 'city') return { Addresses: [{ AddressType: 'STREET', City: value }] }
  return field === contested ? { TaxNumber: value } : { LastName: value }
}

const decimal = (tenThousandths: bigint) =>
  `${tenThousandths / 10_000n}.${String(tenThousandths % 10_000n).padStart(4, '0')}`
const halfUp = (n: bigint, divisor: bigint) => (2n * n + divisor) / (2n * divisor)
