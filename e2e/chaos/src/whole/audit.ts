import { z } from 'zod'
import type { World } from '../world.js'
import { contested, type Edited, edited, type Office } from './office.js'

export interface Findings {
  readonly contactsDiverged: number
  readonly invoicesDoubled: number
  readonly invoicesLost: number
  readonly centsOff: number
  /** What was found, in words, for the log. */
  readonly words: readonly string[]
}

const contact = z.object({
  ContactID: z.string(),
  Name: z.string(),
  ContactStatus: z.string(),
  FirstName: z.string().nullish(),
  LastName: z.string().nullish(),
  TaxNumber: z.string().nullish(),
  Phones: z.record(z.string(), z.looseObject({ PhoneNumber: z.string().nullish() })).nullish(),
  Addresses: z.record(z.string(), z.looseObject({ City: z.string().nullish() })).nullish(),
})
const document = z.object({
  InvoiceNumber: z.string().nullable(),
  Reference: z.string().nullish(),
  Status: z.string(),
  Total: z.string(),
  AmountPaid: z.string(),
  History: z.array(z.object({ Details: z.string() })),
})
const ledger = z.object({ contacts: z.array(contact), invoices: z.array(document) })

/** Holds both ledgers against each other and against what people typed. What waits for a person is a question, not a finding. */
export async function audit(world: World, office: Office): Promise<Findings> {
  const books = ledger.parse(await (await fetch(`${world.stack().xeroUrl}/_sandbox/ledger`)).json())
  const words: string[] = []
  const figures = { contactsDiverged: 0, invoicesDoubled: 0, invoicesLost: 0, centsOff: 0 }
  const find = (kind: keyof typeof figures, what: string, by = 1) => {
    figures[kind] += by
    words.push(`${kind}: ${what}`)
  }
  await compareContacts(world, office, books.contacts, (what) => find('contactsDiverged', what))

  const rows = await world.sql<{ id: string; number: string; total: string; paid: string; loose: number }[]>`
    select i.cost_center_id::text as id, i.number, i.total::text, coalesce(i.amount_paid, 0)::numeric(14, 2)::text as paid,
      (select count(*) from timesheets t where t.cost_center_id = i.cost_center_id and t.invoice_id is distinct from i.id)::int as loose
    from invoices i where i.state = 'issued'`
  for (const { id, reference, note, totalCents } of office.costCentres) {
    const [mine, kept] = [books.invoices.filter((it) => it.Reference === reference), rows.filter((it) => it.id === id)]
    const notes = mine.flatMap(({ History }) => History.filter(({ Details }) => Details.startsWith(note)))
    const doubled = Math.max(mine.length, kept.length, notes.length) - 1
    if (doubled > 0) find('invoicesDoubled', `${note}: ${mine.length} in Xero, ${notes.length} notes`, doubled)
    const [there, here] = [mine[0], kept[0]]
    if (!there || !here || notes.length === 0 || here.loose > 0) {
      find(
        'invoicesLost',
        `${note}: ${there?.Status ?? 'not in Xero'}, ${here ? `${here.loose} loose hours` : 'not here'}, ${notes.length} notes`,
      )
      continue
    }
    const pairs = [
      [cents(there.Total), totalCents],
      [cents(here.total), totalCents],
      [cents(here.paid), cents(there.AmountPaid)],
    ] as const
    for (const [is, should] of pairs)
      if (is !== should)
        find('centsOff', `${here.number}: ${is} in place of ${should} cents`, Math.abs(Number(is - should)))
  }
  return { ...figures, words }
}

async function compareContacts(
  world: World,
  office: Office,
  contacts: readonly z.infer<typeof contact>[],
  find: (what: string) => void,
): Promise<void> {
  const rows = await world.sql<{ [column: string]: string | null; id: string }[]>`
    select id::text, xero_contact_id, first_name, last_name, phone, city, tax_number,
      (select string_agg(field, ' ') from xero_conflicts k where k.client_id = c.id and k.state = 'open') as asked
    from clients c`
  const byId = new Map(rows.map((row) => [row.id, row]))
  const byName = new Map<string, z.infer<typeof contact>[]>()
  for (const it of contacts) byName.set(it.Name, [...(byName.get(it.Name) ?? []), it])
  for (const { id, name, typed } of office.clients) {
    const row = byId.get(id)
    const named = byName.get(name) ?? []
    const there = named.find(({ ContactID }) => ContactID === row?.xero_contact_id)
    if (!row || !there || named.length > 1) {
      find(`${name}: ${named.length} contacts, ${there ? '' : 'not '}linked`)
      continue
    }
    const has: Record<Edited, string | null | undefined> = {
      first_name: there.FirstName,
      last_name: there.LastName,
      phone: there.Phones?.DEFAULT?.PhoneNumber,
      city: there.Addresses?.STREET?.City,
    }
    const asked = row.asked?.split(' ') ?? []
    for (const field of edited)
      if (
        typed[field] !== undefined &&
        !asked.includes(field) &&
        (row[field] !== typed[field] || has[field] !== typed[field])
      )
        find(`${name}: ${field} was typed ${typed[field]}, is ${row[field]} here and ${has[field]} in Xero`)
    if (!asked.includes(contested) && (row[contested] ?? '') !== (there.TaxNumber ?? ''))
      find(`${name}: ${contested} is ${row[contested]} here and ${there.TaxNumber} in Xero, and nobody is asked`)
  }
}

const cents = (money: string) => BigInt(money.replace('.', ''))
