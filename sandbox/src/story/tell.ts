import { setTimeout as wait } from 'node:timers/promises'
import { accountsAnswer, costCentreView, invoiceView, settingGroups, taxRatesAnswer } from '@afo/contracts'
import { Big } from 'big.js'
import type { z } from 'zod'
import { today } from '../xero/rules/dates.js'
import { Admin, type Office } from './admin.js'
import { Unexpected } from './http.js'
import { InXero } from './in-xero.js'
import { type Report, report } from './report.js'

export interface StoryOptions extends Office {
  readonly xeroUrl: string
  readonly xeroApp: { readonly clientId: string; readonly clientSecret: string }
  readonly say: (text: string) => void
}

/**
 * One month of a field-service company, told by an admin over HTTP and by what people do in Xero: connect, clients, items, invoices for all
 * approved hours, one of them due yesterday, a customer who pays and one who pays in part, and what it all came to.
 * @throws Unexpected when a step fails
 */
export async function tellStory(options: StoryOptions): Promise<Report> {
  const { say, xeroApp } = options
  const began = performance.now()
  const inXero = new InXero(options.xeroUrl)
  const before = await inXero.ledger()
  const callsBefore = (await inXero.calls()).calls.length
  const admin = await Admin.signIn(options)
  say(`signed in as ${options.admin.email}`)

  await admin.saveCredentials(xeroApp)
  say(`connected to ${await admin.connect()}`)
  const step = async (what: string, path: string, body: unknown = {}) => {
    say(what)
    await admin.run(path, body, (text) => say(`  ${text}`))
  }
  await step('syncing clients and contacts', '/admin/xero/sync-clients')
  await step('importing items', '/admin/xero/sync-items')
  await chooseInvoicing(admin)

  const ready = (await admin.all('/admin/cost-centres?ready=true', costCentreView)).filter(
    ({ unbilled }) => unbilled.withoutRate === 0,
  )
  const [late] = ready
  if (!late) throw new Unexpected('No cost centre has approved hours')
  const yesterday = dayBefore(today(before.organisation.Timezone, Date.now()))
  await step(`billing ${late.projectCode} ${late.name}, due yesterday`, '/admin/invoices', {
    costCenterId: late.id,
    dueDate: yesterday,
  })
  await step(`billing every other cost centre with approved hours`, '/admin/xero/sync-invoices')
  const issued = await settled(admin, inXero, say)

  const [paid, part] = issued.filter(({ costCenterId }) => costCenterId !== late.id)
  if (!paid?.number || !part?.number) throw new Unexpected('Fewer than two invoices were issued')
  await inXero.pay(paid.number)
  await inXero.pay(part.number, new Big(part.total ?? 0).div(3).round(2).toFixed(2))
  say(`in Xero, ${paid.clientName} paid ${paid.number} and ${part.clientName} a third of ${part.number}`)
  await step('asking Xero what was paid', '/admin/xero/sync-payments')

  return report({ admin, inXero, before, callsBefore, durationMs: Math.round(performance.now() - began) })
}

/** What an admin decides once: approved at once, from the beginning, and where to book what Xero's items don't say. */
async function chooseInvoicing(admin: Admin): Promise<void> {
  const { items: accounts } = await admin.get('/admin/xero/accounts', accountsAnswer)
  const { items: rates } = await admin.get('/admin/xero/tax-rates', taxRatesAnswer)
  const sales =
    accounts.find(({ type, name }) => type === 'REVENUE' && name === 'Sales') ??
    accounts.find(({ type }) => type === 'REVENUE')
  const rate = rates.find(({ taxType }) => taxType === sales?.taxType) ?? rates[0]
  const choices: Partial<z.input<typeof settingGroups.invoicing>> = {
    status: 'AUTHORISED',
    billFrom: '2000-01-01',
    defaultAccountCode: sales?.code ?? null,
    defaultTaxType: rate?.taxType ?? null,
  }
  await admin.send('PUT', '/admin/settings/invoicing', choices, settingGroups.invoicing)
}

const unfinished = ['claimed', 'sending', 'unknown']
const patienceMs = 120_000

/** Waits until no invoice is on its way and each has its note in Xero. */
async function settled(admin: Admin, inXero: InXero, say: (text: string) => void) {
  const deadline = Date.now() + patienceMs
  let told = ''
  while (Date.now() < deadline) {
    const invoices = await admin.all('/admin/invoices', invoiceView)
    const open = invoices.filter(({ state }) => unfinished.includes(state))
    const issued = invoices.filter(({ state }) => state === 'issued')
    const numbers = new Set(issued.map(({ number }) => number))
    const noted = (await inXero.ledger()).invoices.filter(
      (doc) => numbers.has(doc.InvoiceNumber) && doc.History.some(({ Changes }) => Changes === 'Note'),
    )
    const now = `  ${issued.length} issued, ${open.length} on their way, ${noted.length} with their note`
    if (now !== told) say(now)
    told = now
    if (open.length === 0 && noted.length >= issued.length && issued.length > 0) return issued
    await wait(500)
  }
  throw new Unexpected(`After ${patienceMs / 1000} s there are still invoices on their way:${told}`)
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}
