import { escaped, htmlPage } from '../html.js'
import { amountDue } from '../rules/invoice-rules.js'
import { money } from '../rules/money.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Contact, Invoice } from '../store/types.js'

/** Where Xero's own pages stand, as its deep links name them. */
export const officePaths = {
  invoice: '/AccountsReceivable/View.aspx',
  contact: '/Contacts/View/:id',
} as const

const shown = 50
const back = '<p><a href="/">All invoices</a></p>'
const told = (problem: string | undefined) =>
  problem ? `<p role="alert"><strong>${escaped(problem)}</strong></p>` : ''
const link = ({ InvoiceID, InvoiceNumber }: Invoice) =>
  `<a href="${officePaths.invoice}?InvoiceID=${InvoiceID}">${escaped(InvoiceNumber)}</a>`
const due = (invoice: Invoice) => `${money(amountDue(invoice))} ${invoice.CurrencyCode}`

/** The newest sales invoices of one organisation, each a link to its page. */
export function booksOf(store: OrganisationStore): string {
  const sales = [...store.invoices.all()]
    .filter(({ Type }) => Type === 'ACCREC')
    .sort((a, b) => b.updatedAt - a.updatedAt)
  if (sales.length === 0) return ''
  const rows = sales.slice(0, shown).map((invoice) => {
    const to = store.contacts.get(invoice.ContactID)?.Name ?? ''
    return `<tr><td>${link(invoice)}</td><td>${escaped(to)}</td><td>${invoice.Status}</td><td class="n">${due(invoice)}</td></tr>`
  })
  return `<h2>${escaped(store.organisation.Name)}: ${sales.length} invoices</h2><table><tr><th>Number</th><th>To</th><th>Status</th><th class="n">Due</th></tr>${rows.join('')}</table>`
}

/** One invoice as a person sees it in Xero, with what can be done to it. */
export function invoicePage(store: OrganisationStore, invoice: Invoice, problem?: string): string {
  const lines = invoice.LineItems.map(
    ({ Description, Quantity, UnitAmount, LineAmount }) =>
      `<tr><td>${escaped(Description ?? '')}</td><td class="n">${Quantity ?? ''}</td><td class="n">${UnitAmount ?? ''}</td><td class="n">${LineAmount}</td></tr>`,
  )
  const action =
    invoice.Status === 'DRAFT' || invoice.Status === 'SUBMITTED'
      ? ['approve', 'Approve']
      : invoice.Status === 'AUTHORISED'
        ? ['pay', `Record a payment of ${due(invoice)}`]
        : null
  const to = store.contacts.get(invoice.ContactID)
  return htmlPage(
    invoice.InvoiceNumber,
    `${back}<h1>Invoice ${escaped(invoice.InvoiceNumber)}</h1>${told(problem)}<dl>
<dt>To</dt><dd>${to ? `<a href="/Contacts/View/${to.ContactID}">${escaped(to.Name)}</a>` : ''}</dd><dt>Status</dt><dd id="status">${invoice.Status}</dd>
<dt>Reference</dt><dd>${escaped(invoice.Reference)}</dd><dt>Due</dt><dd>${due(invoice)}</dd></dl>
<table><tr><th>Description</th><th class="n">Quantity</th><th class="n">Price</th><th class="n">Amount</th></tr>${lines.join('')}</table>
<p>Total <strong>${invoice.Total} ${invoice.CurrencyCode}</strong></p>
${action ? `<form method="post"><div class="buttons"><button class="allow" name="action" value="${action[0]}">${action[1]}</button></div></form>` : ''}`,
    true,
  )
}

/** One contact as a person sees and edits it in Xero. */
export function contactPage(contact: Contact, problem?: string): string {
  const field = (name: string, label: string, value: string | undefined) =>
    `<label class="field">${label}<input name="${name}" value="${escaped(value ?? '')}"></label>`
  return htmlPage(
    contact.Name,
    `${back}<h1>${escaped(contact.Name)}</h1>${told(problem)}<p>${contact.ContactStatus}</p><form method="post">
${field('Name', 'Name', contact.Name)}${field('EmailAddress', 'E-mail', contact.EmailAddress)}
${field('FirstName', 'First name', contact.FirstName)}${field('LastName', 'Last name', contact.LastName)}
<div class="buttons"><button class="allow">Save contact</button></div></form>`,
  )
}
