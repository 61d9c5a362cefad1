import { Big } from 'big.js'
import { filtered, modifiedSince, ordered, paged } from '../query/listing.js'
import type { Fields } from '../query/where.js'
import type { CreditNote, Payment } from '../store/types.js'
import { listed, notFound } from './answers.js'
import { type ApiCall, opens, type Route } from './api.js'
import { creditNoteElement, paymentElement } from './settlement-element.js'

const midnight = (iso: string) => new Date(`${iso}T00:00:00Z`)

const paymentFields: Fields<Payment> = {
  paymentid: (p) => p.PaymentID,
  status: (p) => p.Status,
  date: (p) => midnight(p.Date),
  amount: (p) => new Big(p.Amount),
  'invoice.invoiceid': (p) => p.InvoiceID,
  reference: (p) => p.Reference,
  updateddateutc: (p) => new Date(p.updatedAt),
}

const creditFields: Fields<CreditNote> = {
  creditnoteid: (c) => c.CreditNoteID,
  creditnotenumber: (c) => c.CreditNoteNumber,
  status: (c) => c.Status,
  type: (c) => c.Type,
  date: (c) => midnight(c.Date),
  'contact.contactid': (c) => c.ContactID,
  updateddateutc: (c) => new Date(c.updatedAt),
}

function payments({ store, query, header, now }: ApiCall) {
  const since = modifiedSince(header('if-modified-since'))
  const matching = store.payments.sorted().filter((p) => since === undefined || p.updatedAt >= since)
  const { rows, pagination } = paged(
    ordered(filtered(matching, query.text('where'), paymentFields), query.text('order'), paymentFields),
    query,
  )
  return listed(
    'Payments',
    rows.map((payment) => paymentElement(store, payment)),
    now,
    pagination,
  )
}

function creditNotes({ store, query, header, now }: ApiCall) {
  const since = modifiedSince(header('if-modified-since'))
  const matching = store.creditNotes.sorted().filter((c) => since === undefined || c.updatedAt >= since)
  const { rows, pagination } = paged(
    ordered(filtered(matching, query.text('where'), creditFields), query.text('order'), creditFields),
    query,
  )
  return listed(
    'CreditNotes',
    rows.map((note) => creditNoteElement(store, note, pagination ? 'full' : 'list', query.unitDecimals)),
    now,
    pagination,
  )
}

const paymentScopes = opens('read', 'accounting.payments', 'accounting.transactions')
const creditScopes = opens('read', 'accounting.invoices', 'accounting.transactions')

export const settlementRoutes: readonly Route[] = [
  { method: 'GET', path: '/Payments', scopes: paymentScopes, handle: payments },
  {
    method: 'GET',
    path: '/Payments/{id}',
    scopes: paymentScopes,
    handle: ({ store, params, now }) => {
      const payment = store.payments.get((params.id ?? '').toLowerCase())
      return payment ? listed('Payments', [paymentElement(store, payment)], now) : notFound
    },
  },
  { method: 'GET', path: '/CreditNotes', scopes: creditScopes, handle: creditNotes },
  {
    method: 'GET',
    path: '/CreditNotes/{id}',
    scopes: creditScopes,
    handle: ({ store, params, query, now }) => {
      const key = (params.id ?? '').toLowerCase()
      const note =
        store.creditNotes.get(key) ?? [...store.creditNotes.all()].find((n) => n.CreditNoteNumber.toLowerCase() === key)
      return note ? listed('CreditNotes', [creditNoteElement(store, note, 'full', query.unitDecimals)], now) : notFound
    },
  },
]
