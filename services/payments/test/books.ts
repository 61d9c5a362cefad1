import { randomUUID } from 'node:crypto'
import type { ServiceRig } from '@afo/testing'

export interface Size {
  readonly contacts: number
  readonly items: number
  readonly invoices: number
}

const insert = (rig: ServiceRig, table: string, rows: readonly object[]) =>
  rig.sql(
    `insert into ${table} (${Object.keys(rows[0] ?? {}).join(', ')})
     select ${Object.keys(rows[0] ?? {}).join(', ')} from jsonb_populate_recordset(null::${table}, $1::text::jsonb)`,
    [JSON.stringify(rows)],
  )

/** Books that agree to the cent: every contact has its client, every item its activity type, every invoice its document. */
export async function agreeingBooks(rig: ServiceRig, size: Size) {
  const xero = rig.xero.control.person()
  const contacts = Array.from({ length: size.contacts }, (_, i) => {
    const id = randomUUID()
    const element = { Name: `Client ${i}`, EmailAddress: `c${i}@example.org`, ContactNumber: id }
    return { id, contact: xero.createContact(element) }
  })
  await insert(
    rig,
    'clients',
    contacts.map(({ id, contact }, i) => ({
      id,
      // As people type: cleaned, it is what Xero has.
      name: i % 7 === 0 ? ` Client  ${i}` : `Client ${i}`,
      email: `c${i}@example.org`,
      revision: 1,
      xero_synced_revision: 1,
      xero_contact_id: contact.ContactID,
    })),
  )
  const items = Array.from({ length: size.items }, (_, i) =>
    xero.createItem({
      Code: `I${i}`,
      Name: `Item ${i}`,
      SalesDetails: { UnitPrice: `${i + 1}.1250`, AccountCode: '200', TaxType: 'OUTPUT2' },
    }),
  )
  await insert(
    rig,
    'activity_types',
    items.map((item, i) => ({
      name: `Item ${i}`,
      xero_item_id: item.ItemID,
      xero_item_code: `I${i}`,
      default_rate: `${i + 1}.125`,
      account_code: '200',
      tax_type: 'OUTPUT2',
      managed_by_xero: true,
    })),
  )
  const invoices = Array.from({ length: size.invoices }, (_, i) => {
    const client = contacts[i % contacts.length]
    if (!client) throw new Error('invoices need contacts')
    const document = xero.createInvoice({
      Type: 'ACCREC',
      Status: 'AUTHORISED',
      InvoiceNumber: `AFO-${String(i).padStart(5, '0')}`,
      Reference: `PO ${i}`,
      Contact: { ContactID: client.contact.ContactID },
      Date: '2026-11-01',
      DueDate: '2099-01-01',
      LineItems: [{ Description: 'Work', Quantity: 1, UnitAmount: 100, AccountCode: '200', TaxType: 'OUTPUT2' }],
    })
    return { id: randomUUID(), client, document }
  })
  await insert(
    rig,
    'invoices',
    invoices.map(({ id, client, document }) => ({
      id,
      client_id: client.id,
      number: document.InvoiceNumber,
      reference: document.Reference,
      state: 'issued',
      xero_invoice_id: document.InvoiceID,
      xero_status: 'AUTHORISED',
      payment_status: 'Unpaid',
      net: '100',
      tax: '15',
      total: '115',
      xero_total: '115',
      amount_due: '115',
      amount_paid: '0',
      amount_credited: '0',
      currency: document.CurrencyCode,
      issued_on: '2026-11-01',
      due_on: '2099-01-01',
      sent_at: '2026-11-01T00:00:00Z',
      changes: 0,
      changes_said: 0,
      fence: 0,
      sends: 0,
      xero_updated_at: new Date(document.updatedAt).toISOString(),
    })),
  )
  // Of the office's own, and nobody's difference: a supplier, a bill written by hand.
  const supplier = xero.createContact({ Name: 'A supplier' })
  xero.createInvoice({
    Type: 'ACCREC',
    Status: 'AUTHORISED',
    InvoiceNumber: 'INV-0001',
    Contact: { ContactID: supplier.ContactID },
    Date: '2026-11-01',
    DueDate: '2099-01-01',
    LineItems: [{ Description: 'Rent', Quantity: 1, UnitAmount: 7, AccountCode: '200', TaxType: 'OUTPUT2' }],
  })
  return { contacts, items, invoices }
}
