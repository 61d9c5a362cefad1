import { expect, test } from 'vitest'
import { settled } from '../office.js'
import type { World } from '../world.js'

/** Coming and going: another tab, a session that ran out, a connection that was ended inside Xero. */
export function sessions(world: World): void {
  test('a disconnect inside Xero is noticed, shown, and one consent sets it right', async () => {
    const { admin, page, xero } = world
    await xero.post('/disconnect', {})
    await admin.open('/settings/xero', 'Settings')
    const noticed = page.getByText(/The connection has ended/)
    const sync = page.getByRole('button', { name: 'Sync payments', exact: true })
    // Xero refuses a token of an earlier consent first, which says nothing of today's: whoever sees nothing presses again. Work in the background may
    // meet it before us; then there is no button any more.
    await expect
      .poll(
        async () => {
          if (!(await noticed.isVisible())) await sync.click({ timeout: 1_000 }).catch(() => undefined)
          return noticed.isVisible()
        },
        { interval: 1_000 },
      )
      .toBe(true)
    await page.getByText('Disconnected', { exact: true }).first().waitFor()
    await admin.connect()
    await page.getByText('The connection has ended').waitFor({ state: 'detached' })
  })

  test('a session that ran out is renewed unseen; one that can not be asks to sign in, and goes on where one was', async () => {
    const { admin, page } = world
    const spoil = (fields: string) =>
      page.evaluate(
        `localStorage.setItem('afo-session', JSON.stringify({ ...JSON.parse(localStorage.getItem('afo-session')), ${fields} }))`,
      )
    await admin.open('/items', 'Items')
    await spoil('expiresAt: 0')
    await admin.open('/contacts', 'Contacts')
    await page.getByRole('table', { name: 'Contacts' }).waitFor()
    await spoil(`expiresAt: 0, refreshToken: 'gone'`)
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByText('Your session has ended').waitFor()
    await admin.signIn()
    await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor()
    // Supabase stumbling is no end of a session.
    const tokens = '**/auth/v1/token**'
    await page.route(tokens, (route) =>
      route.fulfill({ status: 503, headers: { 'access-control-allow-origin': '*' }, json: { msg: 'Come back later' } }),
    )
    await spoil('expiresAt: 0')
    await page.reload()
    await page.getByRole('alert').filter({ hasText: 'Come back later' }).first().waitFor()
    await page.unroute(tokens)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor()
  })

  test('another page takes the focus to its heading, and the tab its name', async () => {
    const { admin, page } = world
    await admin.open('/contacts', 'Contacts')
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true)
    await admin.go('Items')
    expect(await page.evaluate('document.activeElement?.id')).toBe('page-title')
    expect(await page.title()).toBe('Items · AmpedFieldOps')
  })

  test('two tabs show the same: what one does, the other sees; who leaves one, leaves both', async () => {
    const { admin, page, context, stack } = world
    const other = await context.newPage()
    await other.goto(`${stack.gatewayUrl}/app/settings/xero`)
    await other.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await settled(other)
    const operations = () => other.getByRole('table', { name: 'Last 20 operations' }).getByRole('row').allInnerTexts()
    const before = await operations()
    await admin.go('Items')
    await admin.run('Import items', 'Import items')
    // The list is full by now: what comes in at the top pushes another out.
    await expect
      .poll(async () => {
        const now = await operations()
        return now.join() !== before.join() && now.slice(1, 4).some((row) => row.includes('Import items'))
      })
      .toBe(true)
    await admin.press('Sign out')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    await other.close()
  })
}
