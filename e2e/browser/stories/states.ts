import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import { openBrowser } from '../browser.js'
import { office } from '../office.js'
import type { World } from '../world.js'

/** Every state that a page can be in beside the good one. */
export function states(world: World): void {
  test('a server that fails: the reason, the request id, and another try that works', async () => {
    const { admin, page } = world
    // The answer of a broken database, which the stack that all stories share can't have.
    await page.route('**/admin/items?*', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        json: {
          title: 'The database does not answer',
          status: 503,
          detail: 'Try again soon.',
          code: 'x',
          requestId: 'r-4711',
        },
      }),
    )
    await page.goto(`${world.stack.gatewayUrl}/app/items`)
    const alert = page.getByRole('alert')
    await alert.getByText('The database does not answer').waitFor()
    await alert.getByText('r-4711').waitFor()
    expect(await violations(page)).toEqual([])
    await page.unroute('**/admin/items?*')
    await admin.press('Try again')
    await page.getByRole('table', { name: 'Items' }).waitFor()
  })

  test('offline: it is said, and passes by itself', async () => {
    const { context, page } = world
    await context.setOffline(true)
    await world.text('You are offline.')
    await context.setOffline(false)
    await page.getByText('You are offline.').waitFor({ state: 'detached' })
  })

  test('no rights: a person without a role sees why', async () => {
    const { stack } = world
    const person = { email: `worker-${Date.now()}@ampedfieldops.example`, password: 'a-worker-of-the-crew' }
    const signedUp = await fetch(`${stack.supabaseUrl}/auth/v1/signup`, {
      method: 'POST',
      headers: { apikey: stack.publishableKey ?? '', 'Content-Type': 'application/json' },
      body: JSON.stringify(person),
    })
    expect(signedUp.ok).toBe(true)
    const browser = await openBrowser({ width: 1024, height: 768 })
    try {
      const page = browser.context.pages()[0] ?? (await browser.context.newPage())
      await page.goto(`${stack.gatewayUrl}/app/`)
      await office(page, { ...stack, admin: person }).signIn()
      await page.getByRole('heading', { name: 'This account may not open these pages' }).waitFor()
      expect(await violations(page)).toEqual([])
    } finally {
      await browser.close()
    }
  })

  test('by keyboard alone: to the content, through the menu, and into a dialog and out again', async () => {
    const { admin, page } = world
    await admin.open('/overview', 'Overview')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
    const nav = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' })
    await nav.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    const disconnect = page.getByRole('button', { name: 'Disconnect from Xero' })
    await disconnect.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await expect
      .poll(() => page.evaluate('document.querySelector("[role=dialog]").contains(document.activeElement)'))
      .toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toContain('Disconnect from Xero')
  })
}
