import { newId } from '@afo/kit'
import { filtered, modifiedSince, ordered } from '../query/listing.js'
import type { Fields } from '../query/where.js'
import { type Element, guidOf, text, zeroId } from '../rules/element.js'
import { planItem } from '../rules/item-rules.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Item } from '../store/types.js'
import { listed, notFound } from './answers.js'
import { type ApiCall, opens, type Route, type Written, writeBatch } from './api.js'
import { itemElement } from './item-element.js'

const fields: Fields<Item> = {
  itemid: (i) => i.ItemID,
  code: (i) => i.Code,
  name: (i) => i.Name,
  description: (i) => i.Description,
  issold: (i) => i.IsSold,
  ispurchased: (i) => i.IsPurchased,
  updateddateutc: (i) => new Date(i.updatedAt),
}

/** Items are never paged: one call gives all, without any sign of those that are gone. */
function list({ store, query, header, now }: ApiCall) {
  const since = modifiedSince(header('if-modified-since'))
  const matching = store.items.sorted().filter((item) => since === undefined || item.updatedAt >= since)
  const rows = ordered(filtered(matching, query.text('where'), fields), query.text('order'), fields)
  return listed(
    'Items',
    rows.map((item) => itemElement(item, query.unitDecimals)),
    now,
  )
}

export const findItem = (store: OrganisationStore, key: string): Item | undefined =>
  store.items.get(key.toLowerCase()) ?? store.items.by(store.itemByCode, key.toLowerCase())

function get({ store, params, query, now }: ApiCall) {
  const item = findItem(store, params.id ?? '')
  return item ? listed('Items', [itemElement(item, query.unitDecimals)], now) : notFound
}

function save(call: ApiCall, before: Item | undefined, element: Element): Written {
  const { store, query, now } = call
  const plan = planItem(store, before, element, { id: newId(), now, unitDecimals: query.unitDecimals })
  if (plan.errors) return { refused: plan.errors, id: before?.ItemID ?? zeroId }
  store.items.put(plan.item)
  return { ok: itemElement(plan.item, query.unitDecimals) }
}

function upsert(call: ApiCall, element: Element): Written {
  const id = guidOf(element.ItemID)
  const known = id
    ? call.store.items.get(id)
    : call.store.items.by(call.store.itemByCode, (text(element.Code) ?? '').toLowerCase())
  return id && id !== zeroId && !known ? { notFound: true } : save(call, known, element)
}

const batch = (write: (call: ApiCall, element: Element) => Written) => (call: ApiCall) =>
  writeBatch({ name: 'Items', idField: 'ItemID', call, write: (element) => write(call, element) })

// Items are in the settings and in the invoices scope alike.
const read = opens('read', 'accounting.settings', 'accounting.invoices', 'accounting.transactions')
const write = opens('write', 'accounting.settings', 'accounting.invoices', 'accounting.transactions')

export const itemRoutes: readonly Route[] = [
  { method: 'GET', path: '/Items', scopes: read, handle: list },
  { method: 'GET', path: '/Items/{id}', scopes: read, handle: get },
  { method: 'PUT', path: '/Items', scopes: write, handle: batch((call, element) => save(call, undefined, element)) },
  { method: 'POST', path: '/Items', scopes: write, handle: batch(upsert) },
]
