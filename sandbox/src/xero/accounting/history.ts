import { text } from '../rules/element.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { HistoryRecord, Invoice } from '../store/types.js'
import { type Answer, listed, notFound, refused } from './answers.js'
import { type ApiCall, elementsOf, opens, type Route } from './api.js'
import { findContact } from './contacts.js'
import { findInvoice } from './invoices.js'
import { historyElement } from './wire.js'

const longest = 2500

/** Who Xero says did it: an app's doing is the system's. */
export const byApp = 'System Generated'
export const byPerson = 'Demo User'

/** The line that Xero writes itself when an invoice is saved. */
export function noteOfChange(
  store: OrganisationStore,
  before: Invoice | undefined,
  after: Invoice,
  person: boolean,
  at: number,
): HistoryRecord {
  const Changes = !before
    ? 'Created'
    : before.Status !== after.Status
      ? (statusWords[after.Status] ?? 'Edited')
      : 'Edited'
  const name = store.contacts.get(after.ContactID)?.Name ?? ''
  return {
    Changes,
    Details: `${after.InvoiceNumber} to ${name} for ${after.Total}.`,
    User: person ? byPerson : byApp,
    at,
  }
}

const statusWords: Readonly<Partial<Record<Invoice['Status'], string>>> = {
  SUBMITTED: 'Submitted',
  AUTHORISED: 'Approved',
  PAID: 'Paid',
  VOIDED: 'Voided',
  DELETED: 'Deleted',
}

type Finder = (store: OrganisationStore, key: string) => string | undefined

function read(find: Finder) {
  return ({ store, params, now }: ApiCall): Answer => {
    const id = find(store, params.id ?? '')
    return id === undefined ? notFound : listed('HistoryRecords', store.history(id).map(historyElement).reverse(), now)
  }
}

/** A second note with the same words is a second note: Xero doesn't compare. */
function add(find: Finder) {
  return ({ store, params, body, now }: ApiCall): Answer => {
    const id = find(store, params.id ?? '')
    if (id === undefined) return notFound
    const sent = (elementsOf(body, 'HistoryRecords') ?? []).map((record) => text(record.Details) ?? '')
    const bad = sent.filter((details) => details === '' || [...details].length > longest)
    if (sent.length === 0 || bad.length > 0) {
      return refused(
        bad.map((Details) => ({
          Details,
          ValidationErrors: [{ Message: `Details must be between 1 and ${longest} characters.` }],
        })),
      )
    }
    const records = sent.map((Details) => ({ Changes: 'Note', Details, User: byApp, at: now }))
    for (const record of records) store.addHistory(id, record)
    const shown = records.map((record) => {
      const { DateUTCString, DateUTC, Details } = historyElement(record) as Record<string, unknown>
      return { DateUTCString, DateUTC, Details, ValidationErrors: [] }
    })
    return listed('HistoryRecords', shown, now)
  }
}

function routes(resource: string, scope: readonly string[], find: Finder): readonly Route[] {
  const path = `/${resource}/{id}/History`
  return [
    { method: 'GET', path, scopes: opens('read', ...scope), handle: read(find) },
    { method: 'PUT', path, scopes: opens('write', ...scope), handle: add(find) },
  ]
}

const items = ['accounting.settings', 'accounting.invoices', 'accounting.transactions']

export const historyRoutes: readonly Route[] = [
  ...routes(
    'Invoices',
    ['accounting.invoices', 'accounting.transactions'],
    (store, key) => findInvoice(store, key)?.InvoiceID,
  ),
  ...routes('Contacts', ['accounting.contacts'], (store, key) => findContact(store, key)?.ContactID),
  ...routes('Items', items, (store, key) => store.items.get(key.toLowerCase())?.ItemID),
]
