import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import type { World } from '../world.js'

/** Somebody who knows nothing but the line that `npm start` printed, and does what the pages say next. */
export function newcomer(world: World): void {
  const next = (words: string) => world.text(`Next, step ${words}`)

  test('signs in; a wrong password is told', async () => {
    const { page, admin, stack } = world
    await page.goto(`${stack.gatewayUrl}/app/`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await violations(page)).toEqual([])
    await admin.signIn('not-the-password')
    await world.text('E-mail or password is wrong.')
    await admin.signIn()
    await page.getByRole('heading', { name: 'Get started' }).waitFor()
  })

  test('finds the keys where the first step says, and connects', async () => {
    const { page, admin, context } = world
    await page.getByRole('link', { name: 'Open: Connect Xero' }).click()
    const opened = context.waitForEvent('page')
    await page.getByRole('link', { name: 'Open the stand-in’s front page' }).click()
    const keys = await opened
    const read = (term: string) =>
      keys.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]').innerText()
    await page.getByLabel('Client id').fill(await read('Client id'))
    await page.getByRole('textbox', { name: 'Client secret' }).fill(await read('Client secret'))
    await keys.close()
    await admin.press('Save credentials')
    await world.text('Credentials saved')
    await admin.press('Connect to Xero')
    await admin.press('Allow access')
    await next('2 of 6: Sync clients')
  })

  test('syncs clients and imports items by the buttons that come next', async () => {
    const { admin } = world
    await admin.press('Sync clients now')
    await next('3 of 6: Import items')
    await admin.press('Import items now')
    await next('4 of 6: Choose account, tax and first day')
  })

  test('chooses account, tax and first day from what Xero has', async () => {
    const { page, admin } = world
    await page.getByRole('link', { name: 'Open: Choose account, tax and first day' }).click()
    await admin.choose('Account for sales', /Sales/)
    await admin.choose('Tax for sales', /on Income/)
    await page.getByLabel('Bill work done from').fill('2026-01-01')
    await admin.press('Save invoicing')
    await next('5 of 6: Create the first invoices')
  })

  test('looks at an invoice and makes it', async () => {
    const { page, admin } = world
    await page.getByRole('link', { name: 'Open: Create the first invoices' }).click()
    await page.getByRole('link', { name: 'Preview of PROJECT001 - Labor' }).click()
    await page.getByRole('heading', { name: 'Invoice preview' }).waitFor()
    await page.getByRole('button', { name: /Create invoice over/ }).waitFor()
    expect(await violations(page)).toEqual([])
    await admin.press(/Create invoice over/)
    await next('6 of 6: See it paid')
  })

  test('records the payment in Xero, and sees Paid without doing anything more', async () => {
    const { page, admin, context } = world
    await page.getByRole('link', { name: 'Open: See it paid' }).click()
    const opened = context.waitForEvent('page')
    await page.getByRole('link', { name: 'Open in Xero' }).click()
    const xero = await opened
    await xero.getByRole('button', { name: 'Approve' }).click()
    await xero.getByRole('button', { name: /Record a payment/ }).click()
    await xero.getByText('PAID', { exact: true }).waitFor()
    await xero.close()
    await page.getByText('Paid', { exact: true }).nth(1).waitFor()
    await admin.go('Overview')
    await page.getByRole('heading', { name: 'Get started' }).waitFor({ state: 'detached' })
  })
}
