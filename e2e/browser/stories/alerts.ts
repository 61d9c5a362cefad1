import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import type { World } from '../world.js'

/** Who is told, how a test of it goes, and how long records are kept. */
export function alerts(world: World): void {
  test('e-mail is set up; a test tells why it did not arrive, and the log keeps it', async () => {
    const { admin, page } = world
    await admin.open('/settings/xero?tab=alerts', 'Settings')
    await page.getByRole('switch', { name: 'By e-mail' }).check()
    await page.getByRole('textbox', { name: 'Mail server' }).fill('127.0.0.1')
    await page.getByRole('textbox', { name: 'Sender' }).fill('sync@office.example')
    await admin.press('Save alerts')
    await world.text('Enter at least one address')
    await page.getByRole('combobox', { name: 'Recipients' }).fill('ada@office.example')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Password' }).fill('a-password-of-the-mail-server')
    expect(await violations(page)).toEqual([])
    await admin.press('Save alerts')
    await page.getByText('Saved. Leave it empty to keep it').waitFor()
    await expect.poll(() => page.getByRole('textbox', { name: 'Password' }).inputValue()).toBe('')
    await admin.press('Send a test')
    const told = page.getByRole('status').filter({ hasText: 'How the test went' })
    await told.getByText(/private network/).waitFor()
    await told.getByRole('link', { name: 'See all alerts sent' }).click()
    const line = page.getByRole('table', { name: 'Alerts sent' }).getByRole('row').nth(1)
    await line.getByText('E-mail: ada@office.example').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('a saved password is removed, not before it is saved; until then it can be kept after all', async () => {
    const { admin, page } = world
    await admin.open('/settings/xero?tab=alerts', 'Settings')
    const password = page.getByRole('textbox', { name: 'Password' })
    await admin.press('Remove the saved password')
    expect(await password.isDisabled()).toBe(true)
    await page.getByText('It is removed when you save').waitFor()
    expect(await violations(page)).toEqual([])
    await admin.press('Keep the saved password')
    expect(await password.isEnabled()).toBe(true)
    await admin.press('Remove the saved password')
    await admin.press('Save alerts')
    await page.getByText('Kept encrypted; never shown again').first().waitFor()
    expect(await page.getByRole('button', { name: 'Remove the saved password' }).count()).toBe(0)
    expect(await password.isEnabled()).toBe(true)
  })

  test('days to keep are chosen within what the books need', async () => {
    const { admin, page, rows } = world
    await admin.open('/settings/xero?tab=alerts', 'Settings')
    await page.getByRole('switch', { name: 'By e-mail' }).uncheck()
    await admin.press('Save alerts')
    await page.getByText('Saved', { exact: true }).first().waitFor()
    await page.getByRole('textbox', { name: 'Who did what' }).fill('730')
    await admin.press('Save days')
    await expect
      .poll(async () => String((await rows.of('app_settings?key=eq.retention&select=value'))[0]?.value))
      .toContain('"audit":730')
  })
}
