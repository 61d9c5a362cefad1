import { newId } from '@afo/kit'
import { Big } from 'big.js'
import { filtered, modifiedSince, ordered, paged } from '../query/listing.js'
import type { Fields } from '../query/where.js'
import { archivedMessage, planContact } from '../rules/contact-rules.js'
import { type Element, guidOf, isElement, text, zeroId } from '../rules/element.js'
import { amountDue, planInvoice } from '../rules/invoice-rules.js'
import { fold } from '../store/fold.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Contact, Invoice } from '../store/types.js'
import { listed, notFound } from './answers.js'
import { type ApiCall, opens, type Route, type Written, writeBatch } from './api.js'
import { noteOfChange } from './history.js'
import { invoiceElement } from './invoice-element.js'

const midnight = (iso: string | undefined) => (iso ? new Date(`${iso}T00:00:00Z`) : null)

const fields = (store: OrganisationStore): Fields<Invoice> => ({
  invoiceid: (i) => i.InvoiceID,
  type: (i) => i.Type,
  status: (i) => i.Status,
  invoicenumber: (i) => i.InvoiceNumber,
  reference: (i) => i.Reference,
  'contact.contactid': (i) => i.ContactID,
  'contact.name': (i) => store.contacts.get(i.ContactID)?.Name,
  'contact.contactnumber': (i) => store.contacts.get(i.ContactID)?.ContactNumber,
  date: (i) => midnight(i.Date),
  duedate: (i) => midnight(i.DueDate),
  amountdue: (i) => amountDue(i),
  amountpaid: (i) => new Big(i.AmountPaid),
  amountcredited: (i) => new Big(i.AmountCredited),
  total: (i) => new Big(i.Total),
  currencycode: (i) => i.CurrencyCode,
  fullypaidondate: (i) => midnight(i.FullyPaidOnDate),
  updateddateutc: (i) => new Date(i.updatedAt),
})

function list({ store, query, header, clientId, now }: ApiCall) {
  const since = modifiedSince(header('if-modified-since'))
  const [ids, numbers, contacts, statuses] = ['IDs', 'InvoiceNumbers', 'ContactIDs', 'Statuses'].map((name) =>
    query.list(name),
  )
  const mine = query.flag('createdByMyApp') === true
  const term = query.text('searchTerm')
  const summary = query.flag('summaryOnly') === true
  const matching = store.invoices
    .sorted()
    .filter(
      (i) =>
        (since === undefined || i.updatedAt >= since) &&
        (!ids || ids.has(i.InvoiceID)) &&
        (!numbers || numbers.has(i.InvoiceNumber.toLowerCase())) &&
        (!contacts || contacts.has(i.ContactID)) &&
        (!statuses || statuses.has(i.Status.toLowerCase())) &&
        (!mine || i.createdBy === clientId) &&
        (!term || fold(`${i.InvoiceNumber}\n${i.Reference}`).includes(fold(term))),
    )
  const readers = fields(store)
  const { rows, pagination } = paged(
    ordered(filtered(matching, query.text('where'), readers), query.text('order'), readers),
    query,
    summary,
  )
  const detail = summary ? 'summary' : pagination ? 'full' : 'list'
  return listed(
    'Invoices',
    rows.map((invoice) => invoiceElement(store, invoice, detail, query.unitDecimals)),
    now,
    pagination,
  )
}

/** By InvoiceID, else by the number of a sales invoice. */
export const findInvoice = (store: OrganisationStore, key: string): Invoice | undefined =>
  store.invoices.get(key.toLowerCase()) ?? store.invoices.by(store.invoiceByNumber, key.toLowerCase())

function get({ store, params, query, now }: ApiCall) {
  const invoice = findInvoice(store, params.id ?? '')
  return invoice ? listed('Invoices', [invoiceElement(store, invoice, 'full', query.unitDecimals)], now) : notFound
}

/** POST finds what to update by InvoiceID or, silently, by the number of a sales invoice. */
function upsert(call: ApiCall, element: Element): Written {
  const id = guidOf(element.InvoiceID)
  if (id && id !== zeroId) {
    const known = call.store.invoices.get(id)
    return known ? saveInvoice(call, known, element) : { notFound: true }
  }
  const number = text(element.InvoiceNumber)
  const known =
    number && element.Type !== 'ACCPAY'
      ? call.store.invoices.by(call.store.invoiceByNumber, number.toLowerCase())
      : undefined
  return saveInvoice(call, known, element)
}

export type InvoiceWriter = Pick<ApiCall, 'store' | 'now'> & {
  readonly unitDecimals: 2 | 4
  readonly clientId: string | null
}

function saveInvoice(call: ApiCall, before: Invoice | undefined, element: Element): Written {
  const writer = { store: call.store, now: call.now, unitDecimals: call.query.unitDecimals, clientId: call.clientId }
  const result = writeInvoice(writer, before, element)
  if ('refused' in result) return { refused: result.refused, id: before?.InvoiceID ?? zeroId }
  return { ok: invoiceElement(call.store, result.invoice, 'full', call.query.unitDecimals) }
}

/** Creates or edits one invoice, with its contact and its line of history, or says why not. */
export function writeInvoice(
  writer: InvoiceWriter,
  before: Invoice | undefined,
  element: Element,
): { readonly invoice: Invoice } | { readonly refused: readonly string[] } {
  const { store, now, unitDecimals, clientId } = writer
  const contact = resolveContact(store, element.Contact, before, now)
  if ('errors' in contact) return { refused: contact.errors }
  // An app can't even void an invoice of an archived contact; a person can.
  if (clientId !== null && contact.contact && contact.contact.ContactStatus !== 'ACTIVE')
    return { refused: [archivedMessage] }
  const plan = planInvoice(before, element, { store, contact: contact.contact, unitDecimals, now, createdBy: clientId })
  if (plan.errors) return { refused: plan.errors }
  if (contact.changed && contact.contact) store.putContact(contact.contact)
  const invoice = store.putInvoice(plan.invoice, plan.silent)
  store.addHistory(invoice.InvoiceID, noteOfChange(store, before, invoice, clientId === null, now))
  return { invoice }
}

type Resolved =
  | { readonly contact: Contact | undefined; readonly changed: boolean }
  | { readonly errors: readonly string[] }

/** The contact an invoice names. Anything beside its ContactID edits it, and a name alone that nobody has makes a new one. */
function resolveContact(store: OrganisationStore, sent: unknown, before: Invoice | undefined, now: number): Resolved {
  if (!isElement(sent)) return { contact: before ? store.contacts.get(before.ContactID) : undefined, changed: false }
  const id = guidOf(sent.ContactID)
  const number = text(sent.ContactNumber)
  const name = text(sent.Name)
  const known = id
    ? store.contacts.get(id)
    : ((number ? store.contacts.by(store.contactByNumber, number) : undefined) ??
      (name ? store.contacts.by(store.contactByName, fold(name)) : undefined))
  if (id && !known) return { errors: ['The specified Contact could not be found.'] }
  const edits = Object.keys(sent).some((field) => field !== 'ContactID')
  if (known && (!edits || !id || known.ContactStatus !== 'ACTIVE')) return { contact: known, changed: false }
  if (!known && !name) return { contact: undefined, changed: false }
  const plan = planContact(store, known, sent, newId(), now)
  if (plan.errors) return { errors: plan.errors }
  return { contact: plan.contact, changed: true }
}

const batch = (write: (call: ApiCall, element: Element) => Written) => (call: ApiCall) =>
  writeBatch({ name: 'Invoices', idField: 'InvoiceID', call, write: (element) => write(call, element) })

function update(call: ApiCall) {
  const known = findInvoice(call.store, call.params.id ?? '')
  if (!known) return notFound
  return writeBatch({
    name: 'Invoices',
    idField: 'InvoiceID',
    call,
    id: known.InvoiceID,
    write: (element) => saveInvoice(call, known, element),
  })
}

const read = opens('read', 'accounting.invoices', 'accounting.transactions')
const write = opens('write', 'accounting.invoices', 'accounting.transactions')

export const invoiceRoutes: readonly Route[] = [
  { method: 'GET', path: '/Invoices', scopes: read, handle: list },
  { method: 'GET', path: '/Invoices/{id}', scopes: read, handle: get },
  {
    method: 'PUT',
    path: '/Invoices',
    scopes: write,
    handle: batch((call, element) => saveInvoice(call, undefined, element)),
  },
  { method: 'POST', path: '/Invoices', scopes: write, handle: batch(upsert) },
  { method: 'POST', path: '/Invoices/{id}', scopes: write, handle: update },
]
