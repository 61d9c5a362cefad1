import { giveConsent } from '@afo/sandbox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { app, ask, Browser, type Door, startDoor } from './support/door.js'

let door: Door
beforeAll(async () => {
  door = await startDoor()
})
afterAll(() => door?.close())

const status = async () => (await ask(door, 'GET', '/api/admin/settings/xero/status')).body
/** From the ticket to Xero's consent page. */
async function begin(browser: Browser, from = door.url) {
  const { body } = await ask(door, 'POST', '/admin/xero/connect-ticket')
  return browser.open(`${from}${body.url}`)
}

test('before: nothing saved, and the redirect URI to enter in Xero', async () => {
  expect(await status()).toMatchObject({
    connected: false,
    tenant_name: null,
    credentials_saved: false,
    source: 'none',
    redirect_uri: `${door.url}/api/xero/callback`,
    redirect_uri_shift: null,
  })
  const opened = await begin(new Browser())
  expect(opened).toMatchObject({
    status: 303,
    location: `${door.url}/app/settings/xero?xero_error=credentials_missing`,
  })
})

test('credentials are saved with the redirect URI, and never shown again', async () => {
  const saved = await ask(door, 'POST', '/admin/settings/xero', app)
  expect(saved.status, JSON.stringify(saved.body)).toBe(200)
  expect(saved.body).toMatchObject({ credentials_saved: true, source: 'database', client_id_last4: 'cdef' })
  expect(JSON.stringify(saved.body)).not.toContain(app.clientSecret)
})

test('an admin connects through the consent page and ends at the settings page', async () => {
  const browser = new Browser()
  // Opened by number, the browser is led to the name that Xero will send it back to.
  const led = await begin(browser, door.loopbackUrl)
  expect(led).toMatchObject({ status: 302, setCookie: [] })
  expect(led.location.startsWith(`${door.url}/xero/auth?ticket=`)).toBe(true)
  const sent = await browser.open(led.location)
  expect(sent.location.startsWith(`${door.xero.url}/identity/connect/authorize?`)).toBe(true)
  expect(sent.setCookie[0]).toMatch(/^afo_xero=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/)

  const back = await giveConsent(sent.location)
  expect(back.startsWith(`${door.url}/api/xero/callback?`)).toBe(true)
  const ended = await browser.open(back)
  expect(ended).toMatchObject({ status: 302, location: `${door.url}/app/settings/xero?xero_connected=true` })
  expect(browser.cookies.size).toBe(0)
  const now = await status()
  expect(now).toMatchObject({
    connected: true,
    missing_scopes: [],
    token_health: { days_left: 60, connected_by: 'ada@example.com' },
  })
  expect(now.tenant_name).toBeTruthy()

  const again = await browser.open(back)
  expect(again).toMatchObject({ status: 303, location: `${door.url}/app/settings/xero?xero_error=link_expired` })
  expect((await status()).connected).toBe(true)
})

test('Cancel at Xero, and a link opened twice, end at the settings page with the reason', async () => {
  const browser = new Browser()
  const { body } = await ask(door, 'POST', '/admin/xero/connect-ticket')
  const sent = await browser.open(`${door.url}${body.url}`)
  const ended = await browser.open(await giveConsent(sent.location, { allow: false }))
  expect(ended.location).toBe(`${door.url}/app/settings/xero?xero_error=access_denied`)
  const twice = await browser.open(`${door.url}${body.url}`)
  expect(twice.location).toBe(`${door.url}/app/settings/xero?xero_error=link_expired`)
})

test('a redirect URI that was saved elsewhere is shown, then updated on connecting', async () => {
  await door.db.sql(
    `update app_settings set value = 'https://old.example.com/api/xero/callback' where key = 'xero_redirect_uri'`,
  )
  expect(await status()).toMatchObject({
    redirect_uri: `${door.url}/api/xero/callback`,
    redirect_uri_shift: { from: 'https://old.example.com/api/xero/callback', why: 'domain' },
  })
  expect((await begin(new Browser())).status).toBe(302)
  expect((await status()).redirect_uri_shift).toBeNull()
  expect(door.lines.some((line) => line.includes('redirect URI has shifted'))).toBe(true)
})

test('an accountant sees it and changes nothing', async () => {
  const token = door.tokens.accountant
  expect((await ask(door, 'GET', '/admin/settings/xero/status', undefined, token)).status).toBe(200)
  for (const [method, path] of [
    ['POST', '/xero/disconnect'],
    ['POST', '/admin/xero/connect-ticket'],
    ['DELETE', '/admin/settings/xero'],
    ['POST', '/admin/settings/xero'],
  ] as const)
    expect((await ask(door, method, path, undefined, token)).status, path).toBe(403)
  expect((await status()).connected).toBe(true)
})

test('another client id asks first', async () => {
  const other = { clientId: 'f'.repeat(32), clientSecret: 'other' }
  const refused = await ask(door, 'POST', '/admin/settings/xero', other)
  expect(refused).toMatchObject({ status: 409, body: { code: 'client-id-in-use', confirm: '?force=true' } })
})

test('disconnecting ends it at Xero too, and says so', async () => {
  const ended = await ask(door, 'POST', '/api/xero/disconnect')
  expect(ended.body).toMatchObject({ disconnected: true, xero: 'removed' })
  expect(await status()).toMatchObject({ connected: false, disconnected_reason: 'disconnected by ada@example.com' })
  expect((await ask(door, 'DELETE', '/admin/settings/xero')).status).toBe(200)
  expect(await status()).toMatchObject({ credentials_saved: false })
})

test('who did what is in the audit, and no secret is in it or in the log', async () => {
  const rows = await door.db.sql('select actor, action, details from audit_log order by id')
  const actions = new Set(rows.map(({ action }) => action))
  for (const action of [
    'settings.xero',
    'xero.connect-ticket',
    'xero.connect',
    'xero.disconnect',
    'settings.xero.delete',
  ])
    expect(actions).toContain(action)
  const written = JSON.stringify(rows) + door.lines.join('')
  for (const secret of door.secrets) expect(written).not.toContain(secret)
})
