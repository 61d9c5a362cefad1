import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import { approvedWork } from '../work.js'
import type { World } from '../world.js'

const name = 'PROJECT001 - Small works'

/** An order that is missing, an invoice that was wrong, and work that somebody billed by hand. */
export function billing(world: World): void {
  let work: Awaited<ReturnType<typeof approvedWork>>
  const invoiced = async () =>
    (await world.rows.of(`timesheets?id=eq.${work.timesheetId}&select=invoiced`))[0]?.invoiced
  const inXero = async () =>
    (await world.xero.ledger()).invoices.filter(({ Reference }) => Reference === 'PO-4711').map(({ Status }) => Status)

  const preview = async () => {
    await world.admin.open('/invoices?tab=ready&q=Small', 'Invoices')
    await world.page.getByRole('link', { name: `Preview of ${name}` }).click()
  }
  const bill = async () => {
    await world.admin.press(/Create invoice over/)
    await world.page.getByRole('status').filter({ hasText: 'Create invoices: Done' }).waitFor()
  }

  test('a cost centre without its order number is objected to; the number is entered there and is on the invoice', async () => {
    const { admin, page } = world
    work = await approvedWork(world, 'Small works', { day: '2026-11-20' })
    await preview()
    const objection = page.getByRole('alert').filter({ hasText: 'Worth a look: No purchase order' })
    await objection.waitFor()
    await page.getByLabel('PO number').fill('PO-4711')
    await admin.press('Save the order')
    await objection.waitFor({ state: 'detached' })
    await bill()
    expect(await inXero()).toEqual(['AUTHORISED'])
    expect(await invoiced()).toBe(true)
  })

  test('an invoice is voided in Xero too; its hours are ready again, and billed again', async () => {
    const { admin, page } = world
    await admin.go('Invoices', 'Invoices')
    await page.getByRole('row').filter({ hasText: name }).getByRole('link').first().click()
    await admin.press('Void this invoice')
    await page.getByRole('dialog').getByRole('button', { name: 'Void this invoice' }).click()
    await page.getByText(/^Voided by admin@/).waitFor()
    expect(await inXero()).toEqual(['VOIDED'])
    expect(await invoiced()).toBe(false)
    await preview()
    await bill()
    expect((await inXero()).sort()).toEqual(['AUTHORISED', 'VOIDED'])
  })

  test('an invoice whose answer was lost long ago is given up; Xero has it after all, so it is voided there', async () => {
    const { admin, page, rows } = world
    const [invoice] = await rows.of('invoices?reference=eq.PO-4711&state=eq.issued&select=id')
    const [longAgo, later] = [-2, 24].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString())
    await rows.change(`timesheets?id=eq.${work.timesheetId}`, { invoiced: false })
    await rows.change(`invoices?id=eq.${invoice?.id}`, {
      state: 'unknown',
      xero_invoice_id: null,
      sent_at: longAgo,
      wait_until: later,
    })
    await admin.open(`/invoices/${invoice?.id}`, /^Invoice /)
    await admin.press('Give this invoice up')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/Look in Xero first/).waitFor()
    expect(await violations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Give this invoice up' }).click()
    await page.getByText(/^Voided by admin@/).waitFor()
    expect(await inXero()).toEqual(['VOIDED', 'VOIDED'])
    expect(await invoiced()).toBe(false)
    await preview()
    await bill()
    expect((await inXero()).sort()).toEqual(['AUTHORISED', 'VOIDED', 'VOIDED'])
  })

  test('an invoice that grew while somebody read it is shown as it is now, and sent only then', async () => {
    const { admin, page, rows } = world
    const { timesheetId } = await approvedWork(world, 'Growing works', { day: '2026-11-21' })
    await admin.open('/invoices?tab=ready&q=Growing', 'Invoices')
    await page.getByRole('link', { name: 'Preview of PROJECT001 - Growing works' }).click()
    const create = page.getByRole('button', { name: /Create invoice over/ })
    const before = await create.innerText()
    await rows.change(`timesheets?id=eq.${timesheetId}`, { hours: 3 })
    await create.click()
    await page.getByRole('status').filter({ hasText: 'This invoice has changed since you opened it' }).waitFor()
    await expect.poll(() => create.innerText()).not.toBe(before)
    expect(await violations(page)).toEqual([])
    expect(await rows.of(`timesheets?id=eq.${timesheetId}&select=invoice_id`)).toEqual([{ invoice_id: null }])
    await bill()
  })

  test('old work that was billed elsewhere is marked, and the mark can be taken back', async () => {
    const { admin, page, stack } = world
    const { costCentreId } = await approvedWork(world, 'Works of last year', { day: '2025-12-15' })
    await admin.open('/invoices?tab=unbilled&q=last+year', 'Invoices')
    const row = page.getByRole('row').filter({ hasText: 'Works of last year' })
    await row.getByRole('button', { name: /^Billed elsewhere/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('On the paper invoice of December')
    await dialog.getByRole('button', { name: 'Billed elsewhere' }).click()
    await world.text('1 timesheet is marked')
    await row.waitFor({ state: 'detached' })
    // No button takes it back yet.
    const session = String(await page.evaluate(`localStorage.getItem('afo-session')`))
    const { status } = await fetch(`${stack.gatewayUrl}/admin/timesheets/billed-elsewhere/undo`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${JSON.parse(session).accessToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ costCenterId: costCentreId, upTo: '2025-12-31' }),
    })
    expect(status).toBe(200)
    await page.reload()
    await row.waitFor()
  })
}
