import { randomUUID } from 'node:crypto'
import { serviceRig } from '@afo/testing'
import { payments } from '../src/service.js'

export type Office = Awaited<ReturnType<typeof openOffice>>

/** Payments over a bare organisation with one customer. */
export async function openOffice() {
  const organisation = { tenantId: randomUUID(), name: 'Bare', seed: 'bare' as const }
  const rig = await serviceRig(payments, { xero: { organisations: [organisation], limits: { enabled: false } } })
  const person = () => rig.xero.control.person()
  const contactId = person().createContact({ Name: 'Customer' }).ContactID
  let serial = 0

  const inXero = (number: string, dueOn = '2099-01-01') =>
    person().createInvoice({
      Type: 'ACCREC',
      Status: 'AUTHORISED',
      InvoiceNumber: number,
      Contact: { ContactID: contactId },
      Date: '2026-11-01',
      DueDate: dueOn,
      LineItems: [{ Description: 'Work', Quantity: 1, UnitAmount: 100, AccountCode: '200', TaxType: 'OUTPUT2' }],
    })

  return {
    rig,
    tenantId: organisation.tenantId,
    contactId,
    person,
    inXero,
    poll: (body = {}) => rig.run('payments.poll', body),
    /** An issued invoice of 115.00 with one timesheet, here and in Xero. */
    async issued({ dueOn = '2099-01-01' } = {}) {
      const number = `T-${++serial}`
      const document = inXero(number, dueOn)
      const id = randomUUID()
      await rig.sql(
        `insert into invoices (id, number, state, total, net, tax, xero_total, xero_invoice_id, xero_status, payment_status, amount_due, amount_paid, amount_credited,
           due_on, sent_at) values ($1, $2, 'issued', 115, 100, 15, 115, $3, 'AUTHORISED', 'Unpaid', 115, 0, 0, $4::text::date, now())`,
        [id, number, document.InvoiceID, dueOn],
      )
      await rig.sql("insert into timesheets (invoice_id, invoiced, status) values ($1, true, 'approved')", [id])
      return { id, number, xeroId: document.InvoiceID }
    },
    async clear() {
      await rig.sql('delete from timesheets')
      await rig.sql('delete from invoices')
      await rig.sql('delete from xero_failures')
      await rig.sql('delete from xero_cursors')
      await rig.sql('delete from xero_reference')
      rig.xero.control.setOrganisation({ Timezone: 'NEWZEALANDSTANDARDTIME' })
      rig.xero.control.clearCalls()
    },
  }
}
