import { expect, test } from 'vitest'
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

  test('a cost centre without its order number is objected to; the number is entered there and is on the invoice', async () => {
    const { admin, page } = world
    work = await approvedWork(world, 'Small works', { day: '2026-11-20' })
    await admin.open('/invoices?tab=ready&q=Small', 'Invoices')
    await page.getByRole('link', { name: `Preview of ${name}` }).click()
    const objection = page.getByRole('alert').filter({ hasText: 'Worth a look: No purchase order' })
    await objection.waitFor()
    await page.getByLabel('PO number').fill('PO-4711')
    await admin.press('Save the order')
    await objection.waitFor({ state: 'detached' })
    await admin.press(/Create invoice over/)
    await page.getByRole('status').filter({ hasText: 'Create invoices: Done' }).waitFor()
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
    await admin.open('/invoices?tab=ready&q=Small', 'Invoices')
    await page.getByRole('link', { name: `Preview of ${name}` }).click()
    await admin.press(/Create invoice over/)
    await page.getByRole('status').filter({ hasText: 'Create invoices: Done' }).waitFor()
    expect((await inXero()).sort()).toEqual(['AUTHORISED', 'VOIDED'])
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
