import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openBrowser, type View } from './browser.js'
import { office, places } from './office.js'
import { startProduct } from './stack.js'

const folder = fileURLToPath(new URL('../../console/screenshots/', import.meta.url))
const views: Readonly<Record<string, View>> = {
  light: { width: 1280, height: 860 },
  dark: { width: 1280, height: 860, dark: true },
  phone: { width: 360, height: 740 },
}

const closers: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closers) await close()
})

const signedIn = async (view: View, stack: Parameters<typeof office>[1]): Promise<Page> => {
  const { context, close } = await openBrowser(view)
  closers.unshift(close)
  const page = context.pages()[0] ?? (await context.newPage())
  await page.goto(`${stack.gatewayUrl}/app/`)
  await office(page, stack).signIn()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  return page
}

/** Books with something in them: connected, synced, one invoice made, the rest ready. */
async function prepare(admin: ReturnType<typeof office>): Promise<void> {
  await admin.open('/settings/xero', 'Settings')
  await admin.saveCredentials()
  await admin.connect()
  await admin.run('Sync clients', 'Sync clients and contacts')
  await admin.run('Sync items', 'Import items')
  await admin.chooseAccountAndTax('2026-11-16')
  await admin.createAll()
  await admin.chooseAccountAndTax()
}

test('every page, light, dark and on a phone', { timeout: 400_000 }, async () => {
  mkdirSync(folder, { recursive: true })
  const { stack, close } = await startProduct()
  closers.push(close)
  for (const [name, view] of Object.entries(views)) {
    const page = await signedIn(view, stack)
    const admin = office(page, stack)
    const shoot = (what: string) => page.screenshot({ path: `${folder}${what}-${name}.png`, fullPage: true })
    if (name === 'light') await prepare(admin)
    for (const [what, [path, heading]] of Object.entries(places)) {
      await admin.open(path, heading)
      await page.evaluate('document.fonts.ready')
      expect(
        await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
        `${what} ${name}`,
      ).toBeLessThanOrEqual(0)
      await shoot(what)
    }
    await admin.open('/invoices?tab=ready', 'Invoices')
    const preview = page.getByRole('link', { name: /Preview of/ }).first()
    if ((await preview.count()) > 0) {
      await preview.click()
      await page.getByRole('heading', { name: 'Invoice preview' }).waitFor()
      await page.getByRole('table').waitFor()
      await shoot('preview')
    }
    await admin.open('/invoices', 'Invoices')
    await page.getByRole('table').getByRole('link').first().click()
    await page.getByRole('heading', { name: 'Timesheets behind it' }).waitFor()
    await shoot('invoice')
  }
})
