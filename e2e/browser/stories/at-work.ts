import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import type { World } from '../world.js'

/** The office's days: find, bill, clear what is stuck, see what was paid. */
export function atWork(world: World): void {
  test('finds a client by its name, in the address too', async () => {
    const { admin, page } = world
    await admin.go('Contacts', 'Clients')
    await page.getByRole('searchbox', { name: 'Search clients' }).fill('harbour')
    await page.waitForURL(/q=harbour/)
    await page.getByText(/^1 to (\d) of \1$/).waitFor()
    const found = await page.getByRole('row').allTextContents()
    for (const row of found.slice(1)) expect(row.toLowerCase()).toContain('harbour')
  })

  test('makes approved invoices from the first day on', async () => {
    const { admin, page } = world
    await admin.chooseAccountAndTax()
    await page.reload()
    await expect.poll(() => page.getByRole('combobox', { name: 'Account for sales' }).inputValue()).toMatch(/^200 /)
  })

  test('looks at an invoice, and makes exactly that one', async () => {
    const { admin, page } = world
    await admin.go('Invoices', 'Ready to bill')
    await page.getByRole('link', { name: 'Preview of PROJECT005 - Labor' }).click()
    const create = page.getByRole('button', { name: /Create invoice over/ })
    await create.waitFor()
    const total = /over (.*)$/.exec(await create.innerText())?.[1] ?? 'none'
    await create.click()
    await page.getByRole('status').filter({ hasText: 'Create invoices: Done' }).waitFor()
    await page.getByRole('link', { name: 'See the invoices' }).click()
    const row = page.getByRole('row').filter({ hasText: 'PROJECT005 - Labor' })
    await row.getByText(total).first().waitFor()
    await row.getByRole('link').first().click()
    await page.getByRole('heading', { name: 'Timesheets behind it' }).waitFor()
    await world.text('In Xero')
    expect(await violations(page)).toEqual([])
  })

  test('bills the rest; what could not be billed waits in the inbox with its remedy', async () => {
    const { admin, page } = world
    await admin.createAll()
    await admin.go('Invoices', 'Invoices')
    await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(5)
    await admin.go('Inbox', 'Failed')
    await world.text(/What to do: /)
    const before = await page.getByRole('article').count()
    await page.getByRole('article').first().getByRole('button', { name: 'Dismiss' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Agreed with the customer')
    await page.getByRole('dialog').getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => page.getByRole('article').count()).toBe(before - 1)
  })

  test('sees Paid when the customer has paid in Xero', async () => {
    const { admin, page, xero } = world
    await admin.open('/invoices?paymentStatus=Unpaid', 'Invoices')
    const number = (await page.getByRole('row').nth(1).getByRole('link').first().innerText()).trim()
    await xero.post('/payments', { action: 'pay', invoice: number })
    await admin.go('Settings', 'Connection')
    await admin.run('Sync payments', 'Check payments')
    await admin.open('/invoices?paymentStatus=Paid', 'Invoices')
    await page.getByRole('row').filter({ hasText: number }).getByText('Paid').waitFor()
  })
}
