import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import type { World } from '../world.js'

/** What has happened, and doing it once more. */
export function history(world: World): void {
  test('a run of the past is found by its operation and run again', async () => {
    const { admin, page } = world
    await admin.open('/history', 'History')
    await admin.choose('Operation', /Import items/)
    await page.waitForURL(/job=items\.import/)
    const runs = page.getByRole('table', { name: 'Runs' })
    await expect.poll(() => runs.getByRole('row').filter({ hasText: 'Sync clients' }).count()).toBe(0)
    await runs
      .getByRole('button', { name: /^Run again: Import items/ })
      .first()
      .click()
    await page.getByRole('status').filter({ hasText: 'Import items: Done' }).waitFor({ timeout: 60_000 })
    expect(await violations(page)).toEqual([])
  })

  test('who did it, when and from where, is on record', async () => {
    const { admin, page, stack } = world
    await admin.open('/history', 'History')
    await page.getByRole('tab', { name: 'Who did what' }).click()
    await admin.choose('Action', /Ran something again/)
    await page.waitForURL(/action=xero\.rerun/)
    const line = page.getByRole('table', { name: 'Who did what' }).getByRole('row').nth(1)
    await line.filter({ hasText: stack.admin.email }).getByText('Show').click()
    await line.getByText(/^Request /).waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('an invoice tells everything behind it, and it can be kept as a file', async () => {
    const { admin, page } = world
    await admin.open('/invoices', 'Invoices')
    await page.getByRole('table', { name: 'Invoices' }).getByRole('link').first().click()
    const told = page.getByRole('region', { name: 'What happened' })
    await told.getByRole('button', { name: 'Show' }).click()
    const lines = told.getByRole('table', { name: 'What happened' })
    await lines.getByRole('row').filter({ hasText: 'timesheet approved' }).first().waitFor()
    await lines.getByRole('row').filter({ hasText: 'Create invoices: Done' }).first().waitFor()
    await lines
      .getByText(/^State: Being sent → In Xero$/)
      .first()
      .waitFor()
    expect(await violations(page)).toEqual([])
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      told.getByRole('button', { name: 'Download' }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/history\.json$/)
  })
}
