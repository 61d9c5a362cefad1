import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violations } from './axe.js'
import { openBrowser } from './browser.js'
import { office, places, settled } from './office.js'
import { type Stack, startProduct } from './stack.js'
import { watch } from './watch.js'

let stack: Stack
let page: Page
let context: BrowserContext
let seen: ReturnType<typeof watch>
let admin: ReturnType<typeof office>
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  const product = await startProduct()
  closers.unshift(product.close)
  stack = product.stack
  const browser = await openBrowser({ width: 1280, height: 900 })
  closers.unshift(browser.close)
  context = browser.context
  page = context.pages()[0] ?? (await context.newPage())
  seen = watch(context)
  admin = office(page, stack)
})
afterAll(async () => {
  for (const close of closers) await close()
})

const text = (words: string | RegExp) => page.getByText(words).first().waitFor()

describe('an admin, from nothing to a paid invoice', () => {
  test('signs in; a wrong password is told', async () => {
    await page.goto(`${stack.gatewayUrl}/app/`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await violations(page)).toEqual([])
    await admin.signIn('not-the-password')
    await text('E-mail or password is wrong.')
    await admin.signIn()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  })

  test('is shown the first step, and that billing needs Xero', async () => {
    await admin.open('/invoices?tab=ready', 'Invoices')
    await text('Connect Xero first')
    expect(await page.getByRole('button', { name: 'Create all invoices' }).isDisabled()).toBe(true)
    await admin.open('/overview', 'Overview')
    await page.getByRole('link', { name: 'Open: Connect Xero' }).click()
    await page.getByLabel('Redirect URI').waitFor()
    expect(await page.getByLabel('Redirect URI').inputValue()).toBe(`${stack.gatewayUrl}/api/xero/callback`)
  })

  test('saves the credentials; a mistyped client id never leaves the page', async () => {
    await admin.saveCredentials('not-hex')
    await text('A client id has exactly 32 characters')
    await admin.saveCredentials()
    await text('Credentials saved')
    await text(`ends in ${stack.xeroApp.clientId.slice(-4)}`)
  })

  test('connects through the consent page of Xero', async () => {
    await admin.connect()
    await text(/Xero is connected: /)
    expect(new URL(page.url()).search).toBe('')
    await text(/lasts \d+ more days/)
  })

  test('syncs clients and imports items, with their outcome', async () => {
    await admin.run('Sync clients', 'Sync clients and contacts')
    await admin.run('Sync items', 'Import items')
    await page.getByRole('table', { name: 'Last 20 operations' }).getByText('Import items').first().waitFor()
    await admin.open('/contacts?link=linked', 'Contacts')
    await page.getByRole('table', { name: 'Contacts' }).getByText('Linked').first().waitFor()
    await admin.open('/items', 'Items')
    await page.getByRole('table', { name: 'Items' }).getByText('From Xero').first().waitFor()
  })

  test('finds a client by its name, in the address too', async () => {
    await admin.open('/contacts', 'Contacts')
    await page.getByRole('searchbox', { name: 'Search clients' }).fill('harbour')
    await page.waitForURL(/q=harbour/)
    await page
      .getByText('1 to 2 of 2')
      .or(page.getByText(/1 to \d of \d$/))
      .first()
      .waitFor()
    const rows = await page.getByRole('row').allTextContents()
    for (const row of rows.slice(1)) expect(row.toLowerCase()).toContain('harbour')
  })

  test('chooses account, tax and the first day to bill', async () => {
    await admin.chooseAccountAndTax()
    await page.reload()
    await page.getByRole('combobox', { name: 'Account for sales' }).waitFor()
    await expect.poll(() => page.getByRole('combobox', { name: 'Account for sales' }).inputValue()).toMatch(/^200 /)
  })

  test('looks at an invoice, and makes exactly that one', async () => {
    await admin.open('/invoices?tab=ready', 'Invoices')
    await page.getByRole('link', { name: 'Preview of PROJECT001 - Labor' }).click()
    await page.getByRole('heading', { name: 'Invoice preview' }).waitFor()
    const create = page.getByRole('button', { name: /Create invoice over/ })
    await create.waitFor()
    expect(await violations(page)).toEqual([])
    const total = /over (.*)$/.exec(await create.innerText())?.[1] ?? 'none'
    await create.click()
    await page.getByRole('status').filter({ hasText: 'Create invoices: Done' }).waitFor()
    await page.getByRole('link', { name: 'See the invoices' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Labor' })
    await row.getByText(total).first().waitFor()
    await row.getByRole('link').first().click()
    await page.getByRole('heading', { name: 'Timesheets behind it' }).waitFor()
    await text('In Xero')
    expect(await violations(page)).toEqual([])
  })

  test('bills the rest; what could not be billed waits in the inbox with its remedy', async () => {
    await admin.createAll()
    await admin.open('/invoices', 'Invoices')
    expect(await page.getByRole('row').count()).toBeGreaterThan(5)
    await admin.open('/inbox', 'Inbox')
    await text(/What to do: /)
    const before = await page.getByRole('article').count()
    await page.getByRole('article').first().getByRole('button', { name: 'Dismiss' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Agreed with the customer')
    await page.getByRole('dialog').getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => page.getByRole('article').count()).toBe(before - 1)
  })

  test('sees Paid when the customer has paid in Xero', async () => {
    await admin.open('/invoices', 'Invoices')
    const number = (await page.getByRole('row').nth(1).getByRole('link').first().innerText()).trim()
    const paid = await fetch(`${stack.xeroUrl}/_sandbox/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'pay', invoice: number }),
    })
    expect(paid.ok).toBe(true)
    await admin.open('/settings/xero', 'Settings')
    await admin.run('Sync payments', 'Check payments')
    await admin.open('/invoices?paymentStatus=Paid', 'Invoices')
    await page.getByRole('row').filter({ hasText: number }).getByText('Paid').waitFor()
  })

  test('has no barrier on any page, in both themes', async () => {
    const found: string[] = []
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      for (const [path, heading] of Object.values(places)) {
        await admin.open(path, heading)
        found.push(...(await violations(page)).map((what) => `${path} ${scheme} ${what}`))
      }
    }
    expect(found).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
  })

  test('gets a page for an address that leads nowhere', async () => {
    await page.goto(`${stack.gatewayUrl}/app/nowhere`)
    await text('There is no such page')
  })

  test('disconnects, after being told what it means', async () => {
    await admin.open('/settings/xero', 'Settings')
    await admin.press('Disconnect from Xero')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Nothing syncs until you connect again').waitFor()
    await dialog.getByRole('button', { name: 'Disconnect from Xero' }).click()
    await page.getByText('Disconnected', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Connect to Xero' }).waitFor()
  })

  test('signs out in one tab and is out in the other', async () => {
    const other = await context.newPage()
    await other.goto(`${stack.gatewayUrl}/app/contacts`)
    await other.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor()
    await settled(other)
    await admin.press('Sign out')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('was never sent a secret, nor a script that broke or was refused', async () => {
    const { xeroApp, secretKey, serviceToken, webhookKey } = stack
    const texts = await seen.texts()
    expect(texts.length).toBeGreaterThan(50)
    for (const secret of [xeroApp.clientSecret, secretKey, serviceToken, webhookKey])
      expect(texts.filter((answer) => answer.includes(secret)).length).toBe(0)
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')
    for (const secret of [xeroApp.clientSecret, secretKey, serviceToken, webhookKey]) expect(kept).not.toContain(secret)
    expect(seen.errors).toEqual([])
  })
})
