import { newId } from '@afo/kit'
import { filtered, modifiedSince, ordered, paged } from '../query/listing.js'
import type { Fields } from '../query/where.js'
import { archivedMessage, nameTaken, planContact } from '../rules/contact-rules.js'
import { type Element, guidOf, text, zeroId } from '../rules/element.js'
import { fold } from '../store/fold.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Contact } from '../store/types.js'
import { listed, notFound } from './answers.js'
import { type ApiCall, opens, type Route, type Written, writeBatch } from './api.js'
import { contactElement } from './contact-element.js'

const fields = (store: OrganisationStore): Fields<Contact> => ({
  contactid: (c) => c.ContactID,
  name: (c) => c.Name,
  contactnumber: (c) => c.ContactNumber,
  accountnumber: (c) => c.AccountNumber,
  contactstatus: (c) => c.ContactStatus,
  emailaddress: (c) => c.EmailAddress,
  firstname: (c) => c.FirstName,
  lastname: (c) => c.LastName,
  companynumber: (c) => c.CompanyNumber,
  taxnumber: (c) => c.TaxNumber,
  iscustomer: (c) => store.trade.has(`${c.ContactID} ACCREC`),
  issupplier: (c) => store.trade.has(`${c.ContactID} ACCPAY`),
  updateddateutc: (c) => new Date(c.updatedAt),
})

function list({ store, query, header, now }: ApiCall) {
  const since = modifiedSince(header('if-modified-since'))
  const ids = query.list('IDs')
  const term = query.text('searchTerm')
  const summary = query.flag('summaryOnly') === true
  const archived = query.flag('includeArchived') === true
  const matching = store.contacts
    .sorted()
    .filter(
      (c) =>
        (archived || c.ContactStatus !== 'ARCHIVED') &&
        (since === undefined || c.updatedAt >= since) &&
        (!ids || ids.has(c.ContactID)) &&
        (!term || isFound(c, fold(term))),
    )
  const readers = fields(store)
  const found = ordered(filtered(matching, query.text('where'), readers), query.text('order'), readers)
  const { rows, pagination } = paged(found, query, summary)
  const detail = summary ? 'summary' : pagination ? 'full' : 'list'
  return listed(
    'Contacts',
    rows.map((contact) => contactElement(store, contact, detail)),
    now,
    pagination,
  )
}

const isFound = (c: Contact, term: string) =>
  [c.Name, c.FirstName, c.LastName, c.ContactNumber, c.CompanyNumber, c.EmailAddress].some(
    (field) => field !== undefined && fold(field).includes(term),
  )

/** By ContactID, else by ContactNumber. */
export const findContact = (store: OrganisationStore, key: string): Contact | undefined =>
  store.contacts.get(key.toLowerCase()) ?? store.contacts.by(store.contactByNumber, key)

function get({ store, params, now }: ApiCall) {
  const contact = findContact(store, params.id ?? '')
  return contact ? listed('Contacts', [contactElement(store, contact, 'full')], now) : notFound
}

/** PUT creates only; a name or number that exists is refused. */
function create({ store, now }: ApiCall, element: Element): Written {
  const number = text(element.ContactNumber)
  const holder = number ? store.contacts.by(store.contactByNumber, number) : undefined
  if (holder && holder.ContactStatus !== 'ACTIVE') return { refused: [archivedMessage], id: holder.ContactID }
  return save(store, undefined, element, now)
}

/** POST updates what ContactID, ContactNumber or (with neither given) the name of an active contact names; else it creates. */
function upsert({ store, now }: ApiCall, element: Element): Written {
  const id = guidOf(element.ContactID)
  if (id && id !== zeroId) {
    const known = store.contacts.get(id)
    return known ? save(store, known, element, now) : { notFound: true }
  }
  const number = text(element.ContactNumber)
  const byNumber = number ? store.contacts.by(store.contactByNumber, number) : undefined
  if (byNumber) return save(store, byNumber, element, now)
  const name = text(element.Name)
  const byName = name ? store.contacts.by(store.contactByName, fold(name)) : undefined
  if (byName && number) return { refused: [nameTaken(name ?? '')], id: zeroId }
  return save(store, byName, element, now)
}

function save(store: OrganisationStore, before: Contact | undefined, element: Element, now: number): Written {
  const plan = planContact(store, before, element, newId(), now)
  if (plan.errors) return { refused: plan.errors, id: before?.ContactID ?? zeroId }
  return { ok: contactElement(store, store.putContact(plan.contact), 'full') }
}

const batch = (write: (call: ApiCall, element: Element) => Written) => (call: ApiCall) =>
  writeBatch({ name: 'Contacts', idField: 'ContactID', call, write: (element) => write(call, element) })

function update(call: ApiCall) {
  const known = findContact(call.store, call.params.id ?? '')
  if (!known) return notFound
  return writeBatch({
    name: 'Contacts',
    idField: 'ContactID',
    call,
    id: known.ContactID,
    write: (element) => upsert(call, element),
  })
}

const read = opens('read', 'accounting.contacts')
const write = opens('write', 'accounting.contacts')

export const contactRoutes: readonly Route[] = [
  { method: 'GET', path: '/Contacts', scopes: read, handle: list },
  { method: 'GET', path: '/Contacts/{id}', scopes: read, handle: get },
  { method: 'PUT', path: '/Contacts', scopes: write, handle: batch(create) },
  { method: 'POST', path: '/Contacts', scopes: write, handle: batch(upsert) },
  { method: 'POST', path: '/Contacts/{id}', scopes: write, handle: update },
]
