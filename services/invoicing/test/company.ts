import { randomUUID } from 'node:crypto'
import { type RigOptions, type ServiceRig, serviceRig } from '@afo/testing'
import { invoicing } from '../src/service.js'

interface Sheet {
  readonly hours: string
  readonly rate?: string
  readonly date?: string
  readonly worker?: string
  readonly activity?: string
  readonly status?: string
}

interface Job {
  readonly client?: string
  /** false: the client is not in Xero yet. */
  readonly linked?: boolean
  readonly po?: string | null
  readonly sheets: readonly Sheet[]
}

/** A company over a rig, as small as a test wants it. */
export class Company {
  #projects = 0

  constructor(readonly rig: ServiceRig) {}

  /** An own project, client, contact and cost centre, with these timesheets. Answers the ids. */
  async job({ client = `Client ${randomUUID()}`, linked = true, po = 'PO-1', sheets }: Job) {
    const { rig } = this
    const contactId = linked ? rig.xero.control.person().createContact({ Name: client }).ContactID : null
    const [clientId, projectId, costCenterId] = [randomUUID(), randomUUID(), randomUUID()]
    const code = `PROJECT${String(++this.#projects).padStart(3, '0')}`
    await rig.sql('insert into clients (id, name, xero_contact_id, xero_contact_status) values ($1, $2, $3, $4)', [
      clientId,
      client,
      contactId,
      linked ? 'ACTIVE' : null,
    ])
    await rig.sql('insert into projects (id, code, name, client_id) values ($1, $2, $2, $3)', [
      projectId,
      code,
      clientId,
    ])
    await rig.sql("insert into cost_centers (id, project_id, name, customer_po_number) values ($1, $2, 'Labor', $3)", [
      costCenterId,
      projectId,
      po,
    ])
    for (const sheet of sheets) await this.sheet(costCenterId, sheet)
    return { clientId, costCenterId, contactId, code, client }
  }

  async sheet(costCenterId: string, sheet: Sheet): Promise<string> {
    const {
      hours,
      rate = null,
      date = '2026-11-01',
      worker = 'Aroha',
      activity = 'Electrician',
      status = 'approved',
    } = sheet
    const id = randomUUID()
    await this.rig.sql(
      `insert into timesheets (id, cost_center_id, activity_type_id, worker_name, work_date, hours, rate, status)
       values ($1, $2, (select id from activity_types where name = $3), $4, $5::text::date, $6::text::numeric, $7::text::numeric, $8)`,
      [id, costCenterId, activity, worker, date, hours, rate, status],
    )
    return id
  }

  async link(clientId: string, client: string): Promise<string> {
    const { ContactID } = this.rig.xero.control.person().createContact({ Name: client })
    await this.rig.sql("update clients set xero_contact_id = $2, xero_contact_status = 'ACTIVE' where id = $1", [
      clientId,
      ContactID,
    ])
    return ContactID
  }

  setting(values: Record<string, unknown>) {
    const value = { status: 'AUTHORISED', billFrom: '2026-01-01', defaultAccountCode: '200', ...values }
    return this.rig.db.rpc('sync_settings_write', {
      p_settings: [{ key: 'invoicing', value: JSON.stringify(value), encrypted: false }],
    })
  }

  /** Whether invoicing is switched on. */
  switched(on: boolean) {
    return this.rig.db.rpc('sync_settings_write', {
      p_settings: [{ key: 'sync', value: JSON.stringify({ invoices: on }), encrypted: false }],
    })
  }

  /** Sales invoices in Xero, each with its history. */
  documents() {
    return this.rig.xero.control.ledger().invoices.filter((i) => i.Type === 'ACCREC')
  }

  /** Those of them under our numbers. */
  async inXero() {
    const numbers = (await this.invoices()).map(({ number }) => number)
    return this.documents().filter(({ InvoiceNumber }) => numbers.includes(InvoiceNumber))
  }

  /** As if the last request had gone that long ago, and it were time to look. */
  sentAgo(seconds: number) {
    return this.rig.sql(
      `update invoices set sent_at = now() - interval '${seconds} seconds', wait_until = now() - interval '1 second', asked_at = null`,
    )
  }

  invoices() {
    return this.rig.sql<Record<string, string | null>>(
      `select id::text, number, state, cost_center_id::text as "costCenterId", total::text, net::text, tax::text, xero_invoice_id as "xeroInvoiceId",
         payment_status as "paymentStatus", due_on::text as "dueOn", sends::text, note_written_at::text as "noteWrittenAt", number_spent as "spent" from invoices order by number`,
    )
  }

  sheets(costCenterId: string) {
    return this.rig.sql<{ invoiced: boolean; invoice_id: string | null }>(
      'select invoiced, invoice_id::text from timesheets where cost_center_id = $1 order by work_date, id',
      [costCenterId],
    )
  }

  failures() {
    return this.rig.sql<Record<string, string>>(
      'select entity, entity_id as "entityId", code, message from xero_failures where resolved_at is null order by code',
    )
  }

  create(body: Record<string, unknown> = {}) {
    return this.rig.run('invoices.create', body)
  }

  /** Waits until nothing is unfinished: no open invoice, every wanted note written. */
  settled(ms = 60_000) {
    return this.rig.until(
      'everything settled',
      async () => {
        const [row] = await this.rig.sql<{ open: string }>(
          `select count(*)::text as open from invoices where state in ('claimed', 'sending', 'unknown')
             or (state = 'issued' and note_text is not null and note_written_at is null)`,
        )
        return row?.open === '0'
      },
      ms,
    )
  }

  /** Makes the service know the organisation, so that what follows costs only what it itself needs. */
  async warm(): Promise<void> {
    await this.job({ sheets: [{ hours: '1' }] })
    await this.create()
    await this.settled()
    await this.rig.sql('delete from timesheets')
    await this.rig.sql('delete from xero_failures')
  }

  async clear(): Promise<void> {
    const { control } = this.rig.xero
    control.clearFaults()
    await this.rig.sql('delete from invoice_waits')
    await this.rig.sql('delete from timesheets')
    await this.rig.sql('delete from invoices')
    await this.rig.sql('delete from cost_centers')
    await this.rig.sql('delete from projects')
    await this.rig.sql('delete from clients')
    await this.rig.sql('delete from xero_failures')
    await this.rig.sql('delete from xero_reference')
    await this.setting({})
    await this.switched(true)
    control.clearCalls()
  }
}

/** One activity with its own item, account and tax; a bare organisation in Xero. */
export async function company(options: RigOptions = {}): Promise<Company> {
  const rig = await serviceRig(invoicing, {
    xero: { organisations: [{ tenantId: randomUUID(), name: 'Bare', seed: 'bare' }] },
    ...options,
  })
  rig.xero.control.person().createItem({ Code: 'LAB', Name: 'Labour', IsSold: true, SalesDetails: { UnitPrice: 95 } })
  await rig.sql(
    `insert into activity_types (name, default_rate, xero_item_code, account_code, tax_type)
     values ('Electrician', 95.5, 'LAB', '200', 'OUTPUT2'), ('Travel', 62.25, null, null, 'OUTPUT2'), ('No rate', null, 'LAB', '200', 'OUTPUT2')`,
  )
  const it = new Company(rig)
  await it.setting({})
  return it
}
