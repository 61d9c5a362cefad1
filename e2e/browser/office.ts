import type { Page } from 'playwright-core'
import type { Stack } from './stack.js'

/** What a person of the office does in the pages: by labels and buttons alone, as they are read aloud. */
export function office(page: Page, stack: Stack) {
  const open = async (path: string, heading: string | RegExp) => {
    await page.goto(`${stack.gatewayUrl}/app${path}`)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await settled(page)
  }
  const go = async (heading: string, tab?: string) => {
    const there = page.getByRole('heading', { level: 1, name: heading })
    if (!(await there.isVisible()))
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: heading }).click()
    await there.waitFor()
    if (tab) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      await page.getByRole('tab', { name: tab, exact: true, selected: true }).waitFor()
    }
    await settled(page)
  }
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
  const choose = async (label: string, option: RegExp) => {
    await page.getByRole('combobox', { name: label }).click()
    await page.getByRole('option', { name: option }).first().click()
  }
  const outcome = async (job: string) => {
    await page
      .getByRole('status')
      .filter({ hasText: `${job}: Done` })
      .waitFor()
  }
  return {
    /** By the address, as a bookmark does: everything is asked anew. */
    open,
    /** By the menu and the tabs, which loads nothing anew. */
    go,
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
      // What an earlier one came to is not this one's outcome.
      const hide = page.getByRole('button', { name: 'Hide', exact: true })
      while (await hide.first().isVisible()) await hide.first().click()
      await page.getByRole('button', { name: button, exact: true }).click()
      await outcome(job)
    },
    chooseAccountAndTax: async (firstDay = '2026-01-01') => {
      await go('Settings', 'Invoicing')
      await choose('Account for sales', /^200 /)
      await choose('Tax for sales', /15/)
      await choose('New invoices are', /approved at once/)
      await page.getByLabel('Bill work done from').fill(firstDay)
      await press('Save invoicing')
      await page.getByText('Saved', { exact: true }).waitFor()
    },
    createAll: async () => {
      await go('Invoices', 'Ready to bill')
      await press('Create all invoices')
      await page.getByRole('dialog').getByRole('button', { name: 'Create all invoices' }).click()
      await outcome('Create invoices')
    },
  }
}

/** No skeleton left: what was asked for is there. */
export async function settled(page: Page): Promise<void> {
  const busy = page.locator('[aria-busy="true"]')
  while ((await busy.count()) > 0) await busy.first().waitFor({ state: 'detached' })
}

/** Every page of the console by the name of its picture: address, heading, and the tab's name where it has tabs. */
export const places: Readonly<Record<string, readonly [path: string, heading: string, tab?: string]>> = {
  overview: ['/overview', 'Overview'],
  ready: ['/invoices?tab=ready', 'Invoices', 'Ready to bill'],
  invoices: ['/invoices', 'Invoices', 'Invoices'],
  unbilled: ['/invoices?tab=unbilled', 'Invoices', 'Unbilled'],
  inbox: ['/inbox', 'Inbox', 'Failed'],
  conflicts: ['/inbox?tab=conflicts', 'Inbox', 'Conflicts'],
  matches: ['/inbox?tab=matches', 'Inbox', 'Matches'],
  'dead-letters': ['/inbox?tab=dead', 'Inbox', 'Dead letters'],
  contacts: ['/contacts', 'Contacts', 'Clients'],
  strangers: ['/contacts?tab=strangers', 'Contacts', 'Only in Xero'],
  plan: ['/contacts?tab=plan', 'Contacts', 'Dry run'],
  items: ['/items', 'Items'],
  'settings-connection': ['/settings/xero', 'Settings', 'Connection'],
  'settings-invoicing': ['/settings/xero?tab=invoicing', 'Settings', 'Invoicing'],
  'settings-sync': ['/settings/xero?tab=sync', 'Settings', 'What is synced'],
  'settings-alerts': ['/settings/xero?tab=alerts', 'Settings', 'Alerts & retention'],
  reports: ['/reports', 'Reports', 'Compare both sides'],
  'reports-changes': ['/reports?tab=changes', 'Reports', 'Changes in Xero'],
  history: ['/history', 'History', 'Runs'],
  audit: ['/history?tab=audit', 'History', 'Who did what'],
  'alerts-sent': ['/history?tab=alerts', 'History', 'Alerts sent'],
}
