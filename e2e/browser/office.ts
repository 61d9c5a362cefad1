import type { Page } from 'playwright-core'
import type { Stack } from './stack.js'

/** What a person of the office does in the pages: by labels and buttons alone, as they are read aloud. */
export function office(page: Page, stack: Stack) {
  const open = async (path: string, heading: string) => {
    await page.goto(`${stack.gatewayUrl}/app${path}`)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await settled(page)
  }
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
  const choose = async (label: string, option: RegExp) => {
    await page.getByRole('combobox', { name: label }).click()
    await page.getByRole('option', { name: option }).first().click()
  }
  return {
    open,
    press,
    choose,
    signIn: async (password = stack.admin.password) => {
      await page.getByLabel('E-mail').fill(stack.admin.email)
      await page.getByRole('textbox', { name: 'Password' }).fill(password)
      await press('Sign in')
    },
    saveCredentials: async (clientId = stack.xeroApp.clientId) => {
      await page.getByLabel('Client id').fill(clientId)
      await page.getByRole('textbox', { name: 'Client secret' }).fill(stack.xeroApp.clientSecret)
      await press('Save credentials')
    },
    connect: async () => {
      await press('Connect to Xero')
      await press('Allow access')
      await page.getByText('Connected', { exact: true }).waitFor()
    },
    /** Presses a button that starts a job and waits until its outcome is shown. */
    run: async (button: string, job: string) => {
      await page.getByRole('button', { name: button, exact: true }).click()
      await page
        .getByRole('status')
        .filter({ hasText: `${job}: Done` })
        .waitFor({ timeout: 60_000 })
    },
    chooseAccountAndTax: async (firstDay = '2026-01-01') => {
      await open('/settings/xero?tab=invoicing', 'Settings')
      await choose('Account for sales', /^200 /)
      await choose('Tax for sales', /15/)
      await choose('New invoices are', /approved at once/)
      await page.getByLabel('Bill work done from').fill(firstDay)
      await press('Save invoicing')
      await page.getByText('Saved', { exact: true }).waitFor()
    },
    createAll: async () => {
      await open('/invoices?tab=ready', 'Invoices')
      await press('Create all invoices')
      await page.getByRole('dialog').getByRole('button', { name: 'Create all invoices' }).click()
      await page.getByRole('status').filter({ hasText: 'Create invoices: Done' }).waitFor({ timeout: 60_000 })
    },
  }
}

/** No skeleton left: what was asked for is there. */
export async function settled(page: Page): Promise<void> {
  const busy = page.locator('[aria-busy="true"]')
  while ((await busy.count()) > 0) await busy.first().waitFor({ state: 'detached' })
}

/** Every page of the console by the name of its picture: address and heading. */
export const places: Readonly<Record<string, readonly [path: string, heading: string]>> = {
  overview: ['/overview', 'Overview'],
  ready: ['/invoices?tab=ready', 'Invoices'],
  invoices: ['/invoices', 'Invoices'],
  unbilled: ['/invoices?tab=unbilled', 'Invoices'],
  inbox: ['/inbox', 'Inbox'],
  conflicts: ['/inbox?tab=conflicts', 'Inbox'],
  matches: ['/inbox?tab=matches', 'Inbox'],
  'dead-letters': ['/inbox?tab=dead', 'Inbox'],
  contacts: ['/contacts', 'Contacts'],
  strangers: ['/contacts?tab=strangers', 'Contacts'],
  plan: ['/contacts?tab=plan', 'Contacts'],
  items: ['/items', 'Items'],
  'settings-connection': ['/settings/xero', 'Settings'],
  'settings-invoicing': ['/settings/xero?tab=invoicing', 'Settings'],
  'settings-sync': ['/settings/xero?tab=sync', 'Settings'],
}
