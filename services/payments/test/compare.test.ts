import { randomUUID } from 'node:crypto'
import { type ServiceRig, serviceRig, usageOf } from '@afo/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { payments } from '../src/service.js'
import { agreeingBooks, type Size } from './books.js'

// A slice of what the promise speaks of; BOOKS=10000 is all of it.
const contacts = Number(process.env.BOOKS ?? 400)
const size: Size = { contacts, items: Math.ceil(contacts / 20), invoices: Math.ceil(contacts / 2) }

const organisation = { tenantId: randomUUID(), name: 'Bare', seed: 'bare' as const }
let rig: ServiceRig
beforeAll(async () => {
  rig = await serviceRig(payments, {
    xero: { organisations: [organisation], limits: { enabled: false } },
    main: new URL('../dist/main.js', import.meta.url),
  })
})
afterAll(() => rig?.close())
beforeEach(() => reset())

async function reset() {
  await rig.sql('truncate clients, activity_types, invoices, timesheets, reports, xero_contacts cascade')
  const [store] = rig.xero.control.world.stores
  store?.invoices.clear()
  store?.contacts.clear()
  store?.items.clear()
  rig.xero.control.clearFaults()
  rig.xero.control.clearCalls()
}

const person = () => rig.xero.control.person()
const found = (id: string) =>
  rig.sql<{ entity: string; kind: string; name: string; field: string; verdict: string; cents: string }>(
    'select entity, kind, name, field, cents::text, verdict from report_differences where report_id = $1 order by entity, kind, name, field',
    [id],
  )
const subjects = async (id: string) => [
  ...new Set((await found(id)).map(({ entity, kind, name }) => `${entity} ${kind} ${name}`)),
]
const compare = async () => {
  const { id, state, result } = await rig.run('books.compare')
  return { id, state, result }
}

/** The most memory that the service's process ever held, in kB. */
const peakKb = () => usageOf(rig.replicas[0]?.pid as number).peakKb

test(`finds 50 differences among ${size.contacts} contacts, ${size.items} items and ${size.invoices} invoices, and nothing else`, {
  timeout: 600_000,
}, async () => {
  await agreeingBooks(rig, { contacts: 100, items: 5, invoices: 50 })
  expect(await compare()).toMatchObject({ state: 'done', result: { differences: 0 } })
  const smallKb = peakKb()
  await reset()

  const books = await agreeingBooks(rig, size)
  expect(await compare()).toMatchObject({ state: 'done', result: { differences: 0, contacts: size.contacts + 1 } })

  const planted: string[] = []
  const plant = (what: string) => void planted.push(what)
  const some = async <T>(all: readonly T[], from: number, n: number, one: (it: T) => Promise<string> | string) => {
    for (const it of all.slice(from, from + n)) plant(await one(it))
  }
  const sql = rig.sql
  await some(books.contacts, 0, 5, ({ contact }) => {
    person().editContact(contact.ContactID, { EmailAddress: 'other@example.org' })
    return `contact differs ${contact.Name}`
  })
  await some(books.contacts, 10, 5, async ({ id, contact }) => {
    await sql("update clients set phone = '555' where id = $1", [id])
    return `contact differs ${contact.Name}`
  })
  // From here on contacts that no invoice hangs on.
  const idle = size.invoices + 10
  await some(books.contacts, idle, 4, async ({ id, contact }) => {
    await sql('update clients set xero_contact_id = $2 where id = $1', [id, randomUUID()])
    plant(`contact orphan ${contact.Name}`)
    return `contact missing-there ${contact.Name}`
  })
  await some(books.contacts, idle + 10, 3, async ({ id, contact }) => {
    await sql('delete from clients where id = $1', [id])
    return `contact orphan ${contact.Name}`
  })
  await some(books.contacts, idle + 20, 2, ({ contact }) => {
    person().archiveContact(contact.ContactID)
    return `contact differs ${contact.Name}`
  })
  await some(['New 1', 'New 2'], 0, 2, async (name) => {
    await sql('insert into clients (name) values ($1)', [name])
    return `contact missing-there ${name}`
  })
  await some(books.items, 0, 2, ({ ItemID }) => {
    const { Name } = person().editItem(ItemID, { SalesDetails: { UnitPrice: '9.99' } })
    return `item cents ${Name}`
  })
  await some(books.items, 2, 2, async ({ ItemID, Name }) => {
    await sql("update activity_types set description = 'Ours' where xero_item_id = $1", [ItemID])
    return `item differs ${Name}`
  })
  await some(books.items, 4, 2, ({ ItemID, Name }) => {
    person().removeItem(ItemID)
    return `item missing-there ${Name}`
  })
  await some(['X1', 'X2'], 0, 2, (Code) => {
    person().createItem({ Code, Name: Code, SalesDetails: { UnitPrice: '1' } })
    return `item missing-here ${Code}`
  })
  await some(books.invoices, 0, 4, ({ document }) => {
    person().pay(document.InvoiceID, { amount: '15.00' })
    return `payment cents ${document.InvoiceNumber}`
  })
  await some(books.invoices, 20, 3, async ({ id, document }) => {
    await sql('update invoices set total = 115.01 where id = $1', [id])
    return `invoice cents ${document.InvoiceNumber}`
  })
  await some(books.invoices, 30, 2, async ({ id, document }) => {
    const number = document.InvoiceNumber.replace('AFO-0', 'AFO-9')
    await sql('update invoices set xero_invoice_id = $2, number = $3 where id = $1', [id, randomUUID(), number])
    plant(`invoice missing-there ${number}`)
    return `invoice missing-here ${document.InvoiceNumber}`
  })
  await some(books.invoices, 40, 2, ({ document }) => {
    person().editInvoice(document.InvoiceID, { Status: 'VOIDED' })
    return `invoice differs ${document.InvoiceNumber}`
  })
  await some(books.invoices, 50, 2, ({ document }) => {
    person().editInvoice(document.InvoiceID, { Reference: 'Other' })
    return `invoice differs ${document.InvoiceNumber}`
  })
  const other = books.contacts[idle + 40]?.contact.ContactID
  await some(books.invoices, 60, 2, ({ document }) => {
    person().editInvoice(document.InvoiceID, { Contact: { ContactID: other } })
    return `invoice orphan ${document.InvoiceNumber}`
  })
  expect(planted).toHaveLength(50)

  rig.xero.control.clearCalls()
  const { id } = await compare()
  const memoryRatio = peakKb() / smallKb
  const calls = rig.xero.control.calls().length
  console.log(JSON.stringify({ ...size, planted: 50, found: (await subjects(id)).length, calls, memoryRatio }))
  expect((await subjects(id)).sort()).toEqual(planted.sort())
  expect(calls).toBeLessThanOrEqual(30)
  expect(memoryRatio).toBeLessThanOrEqual(1.3)
  const told = async () => (await rig.sql('select sync_view_report(r) as it from reports r where id = $1', [id]))[0]?.it
  await rig.until('what it cost', async () => ((await told()) as { calls: number }).calls === calls)
})

test('a list that fails is asked again; what was read before is not', async () => {
  await agreeingBooks(rig, { contacts: 3, items: 1, invoices: 2 })
  rig.xero.control.clearCalls()
  rig.xero.control.addFault({ kind: 'error-503', times: 2, match: { path: '/Invoices' } })
  expect(await compare()).toMatchObject({ state: 'done', result: { differences: 0 } })
  expect(rig.xero.control.callsByEndpoint()).toEqual({ 'GET /Contacts': 1, 'GET /Items': 1, 'GET /Invoices': 3 })
  await rig.until('each try in the cost', async () => {
    const [row] = await rig.sql("select sync_view_report(r) ->> 'calls' as calls from reports r")
    return row?.calls === '5'
  })
})

test('what is under way, voided here or refused is told apart', async () => {
  const { invoices } = await agreeingBooks(rig, { contacts: 1, items: 1, invoices: 3 })
  const [sending, voided, refused] = invoices
  await rig.sql("update invoices set state = 'sending', xero_invoice_id = null where id = $1", [sending?.id ?? null])
  await rig.sql("update invoices set state = 'voided' where id = $1", [voided?.id ?? null])
  await rig.sql("update invoices set state = 'refused', xero_invoice_id = null where id = $1", [refused?.id ?? null])
  const { id } = await compare()
  expect(await found(id)).toMatchObject([
    { entity: 'invoice', kind: 'differs', name: voided?.document.InvoiceNumber, field: 'status' },
    { entity: 'invoice', kind: 'orphan', name: refused?.document.InvoiceNumber },
  ])
})

test("the office's rate for an item that Xero has no price of is no difference", async () => {
  const { items } = await agreeingBooks(rig, { contacts: 1, items: 1, invoices: 1 })
  const unpriced = person().createItem({ Code: 'OWN', Name: 'Own rate', SalesDetails: {} })
  await rig.sql(
    `insert into activity_types (name, xero_item_id, xero_item_code, default_rate, managed_by_xero) values ('Own rate', $1, 'OWN', 95, true)`,
    [unpriced.ItemID],
  )
  person().editItem(items[0]?.ItemID ?? '', { SalesDetails: { UnitPrice: '2' } })
  const { id } = await compare()
  expect(await found(id)).toMatchObject([{ entity: 'item', kind: 'cents', name: 'Item 0' }])
})

test('an invoice of before ours, of which only its document is known, differs in nothing, and is told of when it is gone', async () => {
  const { ContactID } = person().createContact({ Name: 'Customer' })
  const document = person().createInvoice({
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    InvoiceNumber: 'OLD-1',
    Contact: { ContactID },
    DueDate: '2099-01-01',
    LineItems: [{ Description: 'Work', Quantity: 1, UnitAmount: 100, AccountCode: '200', TaxType: 'OUTPUT2' }],
  })
  await rig.sql("insert into invoices (state, xero_invoice_id) values ('issued', $1)", [document.InvoiceID])
  const { id: first } = await compare()
  expect((await found(first)).filter(({ entity }) => entity !== 'contact')).toEqual([])
  rig.xero.control.world.stores[0]?.invoices.clear()
  const { id: second, state } = await compare()
  expect(state).toBe('done')
  expect((await found(second)).filter(({ entity }) => entity !== 'contact')).toMatchObject([
    { name: document.InvoiceID },
  ])
})
