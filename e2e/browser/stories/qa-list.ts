import { expect, test } from 'vitest'
import { settled } from '../office.js'
import type { World } from '../world.js'

/** The brief's manual QA list, line by line; its numbers stand in the names. */
export function qaList(world: World): void {
  const form = () => world.page.getByRole('textbox', { name: 'Client secret' })

  test('begins from nothing: forgets the credentials and the connection', async () => {
    const { page, admin, rows } = world
    await admin.go('Settings', 'Connection')
    await admin.press('Disconnect from Xero')
    await page.getByRole('button', { name: 'Disconnect and forget the credentials' }).click()
    await page.getByText('Save the credentials of your Xero app below, then connect.').waitFor()
    expect(await rows.of('app_settings?key=in.(xero_client_id,xero_client_secret)')).toEqual([])
    expect(await page.getByRole('button', { name: 'Connect to Xero' }).isDisabled()).toBe(true)
  })

  test('1 goes to Settings by the sidebar', async () => {
    const { page, admin } = world
    await admin.go('Overview')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/app/settings/xero')
  })

  test('2 and 3 enters client id and secret; one that is not 32 hex characters never leaves the page', async () => {
    const { admin, page } = world
    await admin.saveCredentials('A'.repeat(31))
    await world.text('A client id has exactly 32 characters')
    await admin.saveCredentials(`${'A'.repeat(31)}Z`)
    await world.text('A client id has exactly 32 characters')
    expect(await form().getAttribute('type')).toBe('password')
    await page.getByText('Credentials saved').waitFor({ state: 'detached' })
  })

  test('4 finds the redirect URI filled in from where the pages are', async () => {
    const { page, stack } = world
    expect(await page.getByLabel('Redirect URI').inputValue()).toBe(`${stack.gatewayUrl}/api/xero/callback`)
  })

  test('5 saves: both stand encrypted in the database, and the secret is never shown again', async () => {
    const { admin, rows, stack } = world
    await admin.saveCredentials()
    await world.text(`ends in ${stack.xeroApp.clientId.slice(-4)}`)
    const kept = await rows.of('app_settings?key=in.(xero_client_id,xero_client_secret)')
    expect(kept.map(({ is_encrypted }) => is_encrypted)).toEqual([true, true])
    expect(JSON.stringify(kept)).not.toContain(stack.xeroApp.clientId)
    expect(JSON.stringify(kept)).not.toContain(stack.xeroApp.clientSecret)
    expect(await form().inputValue()).toBe('')
  })

  test('6 a consent that is cancelled is told in words; one that is given connects', async () => {
    const { admin, page } = world
    await admin.press('Connect to Xero')
    await admin.press('Cancel')
    await world.text('Access was not allowed in Xero, so nothing is connected.')
    await admin.connect()
    expect(new URL(page.url()).search).toBe('')
  })

  test('7 sees Connected with the name of the organisation, and how long it lasts', async () => {
    const { xero, rows } = world
    const { organisation } = await xero.ledger()
    await world.text(organisation.Name)
    await world.text(/lasts \d+ more days/)
    expect(await rows.of('xero_tokens?select=tenant_name')).toContainEqual({ tenant_name: organisation.Name })
  })

  test('8 disconnects: the tokens are gone here, the connection at Xero', async () => {
    const { admin, page, xero, rows } = world
    await admin.press('Disconnect from Xero')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Nothing syncs until you connect again').waitFor()
    await dialog.getByRole('button', { name: 'Disconnect from Xero' }).click()
    await page.getByText('Disconnected', { exact: true }).first().waitFor()
    expect(await xero.connections()).toEqual([])
    expect(await rows.of('xero_tokens?select=refresh_token&disconnected_at=is.null')).toEqual([])
    await admin.connect()
  })

  test('9 a new client becomes a contact in Xero', async () => {
    const { admin, rows, xero } = world
    await rows.add('clients', { name: 'Tawa Tile & Stone', email: 'hello@tawatile.example' })
    await admin.run('Sync clients', 'Sync clients and contacts')
    const { contacts } = await xero.ledger()
    expect(contacts.filter(({ Name }) => Name === 'Tawa Tile & Stone')).toHaveLength(1)
  })

  test('10 a contact changed in Xero changes the client, by itself', async () => {
    const { admin, page, context, xero, stack } = world
    const { contacts } = await xero.ledger()
    const contact = contacts.find(({ Name }) => Name === 'Tawa Tile & Stone')
    await admin.open('/contacts?q=Tawa', 'Contacts')
    await page.getByText('hello@tawatile.example').waitFor()
    const inXero = await context.newPage()
    await inXero.goto(`${stack.xeroUrl}/Contacts/View/${contact?.ContactID}`)
    await inXero.getByLabel('E-mail').fill('office@tawatile.example')
    await inXero.getByRole('button', { name: 'Save contact' }).click()
    await page.getByText('office@tawatile.example').waitFor()
    await inXero.close()
  })

  test('11 the manual syncs are in the log with their outcome', async () => {
    const { admin, page } = world
    await admin.go('Settings', 'Connection')
    await admin.run('Sync items', 'Import items')
    await admin.run('Sync payments', 'Check payments')
    const log = page.getByRole('table', { name: 'Last 20 operations' })
    for (const job of ['Import items', 'Check payments'])
      await log.getByRole('row').filter({ hasText: job }).first().getByText('Done').waitFor()
  })

  test('12 pages that moved to another address say so, and one click saves the new one', async () => {
    const { admin, page, rows, stack } = world
    await rows.change('app_settings?key=eq.xero_redirect_uri', { value: 'https://old.example/api/xero/callback' })
    await page.reload()
    await settled(page)
    await world.text('These pages have moved to another address')
    await world.text(/Saved is https:\/\/old\.example/)
    await admin.press('Connect with the new address')
    await admin.press('Allow access')
    await page.getByText('Connected', { exact: true }).waitFor()
    await page.getByText('These pages have moved').waitFor({ state: 'detached' })
    const [saved] = await rows.of('app_settings?key=eq.xero_redirect_uri&select=value')
    expect(saved?.value).toBe(`${stack.gatewayUrl}/api/xero/callback`)
  })
}
