import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import { settled } from '../office.js'
import type { World } from '../world.js'

/** Do both sides agree? */
export function reports(world: World): void {
  test('a comparison finds what is missing in Xero, says what becomes of it, and is kept as a file', async () => {
    const { admin, page, rows } = world
    await rows.add('clients', { name: 'Unsent Upholstery', email: 'hello@unsent.example' })
    await admin.open('/reports', 'Reports')
    await admin.run('Compare now', 'Compare both sides')
    await page.getByRole('table', { name: 'Comparisons' }).getByRole('link').first().click()
    await page.getByRole('heading', { level: 1, name: /^Comparison of/ }).waitFor()
    await page.getByRole('table', { name: 'Differences' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('searchbox', { name: 'Search names' }).fill('unsent')
    await page.waitForURL(/q=unsent/)
    const found = page.getByRole('table', { name: 'Differences' }).getByRole('row')
    // Its head and one row are left.
    await found.nth(2).waitFor({ state: 'detached' })
    const row = found.filter({ hasText: 'Unsent Upholstery' })
    await row.getByText('Missing in Xero').waitFor()
    await row.getByText('the next sync sends it').waitFor()
    await settled(page)
    expect(await violations(page)).toEqual([])
    const [file] = await Promise.all([page.waitForEvent('download'), admin.press(/^Download CSV/)])
    expect(file.suggestedFilename()).toMatch(/^report-.*\.csv$/)
    expect(await readFile(await file.path(), 'utf8')).toContain('Unsent Upholstery')
  })

  test('a check tells what would fail since something changed in Xero', async () => {
    const { admin, page } = world
    await admin.open('/reports?tab=changes', 'Reports')
    await admin.run('Check now', 'Check accounts and taxes')
    await page.getByRole('heading', { name: 'What would fail' }).waitFor()
    expect(await violations(page)).toEqual([])
  })
}
