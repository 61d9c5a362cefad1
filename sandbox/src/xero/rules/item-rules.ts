import type { OrganisationStore } from '../store/organisation-store.js'
import type { Item, ItemPrice } from '../store/types.js'
import { type Element, isElement, text } from './element.js'
import { decimal, halfUp } from './money.js'

export type ItemPlan = { readonly item: Item; readonly errors?: never } | { readonly errors: readonly string[] }

const longest = { Code: 30, Name: 50, Description: 4000, PurchaseDescription: 4000 } as const

/** The item that an element makes of `before` (undefined: a new one), or why Xero refuses it. */
export function planItem(
  store: OrganisationStore,
  before: Item | undefined,
  element: Element,
  { id, now, unitDecimals }: { id: string; now: number; unitDecimals: 2 | 4 },
): ItemPlan {
  const errors: string[] = []
  const read = (field: keyof typeof longest) => {
    const value = text(element[field]) ?? before?.[field]
    if (value !== undefined && [...value].length > longest[field])
      errors.push(`The ${field} cannot be longer than ${longest[field]} characters.`)
    return value
  }
  const Code = read('Code') ?? ''
  if (Code === '') errors.push('Code is required.')
  const holder = store.items.by(store.itemByCode, Code.toLowerCase())
  if (holder && holder.ItemID !== before?.ItemID) errors.push(`Item code '${Code}' already exists.`)
  const SalesDetails = planPrice(store, before?.SalesDetails, element.SalesDetails, unitDecimals, errors)
  const PurchaseDetails = planPrice(store, before?.PurchaseDetails, element.PurchaseDetails, unitDecimals, errors)
  const flag = (field: 'IsSold' | 'IsPurchased') =>
    typeof element[field] === 'boolean' ? element[field] === true : (before?.[field] ?? true)
  const item: Item = {
    ItemID: before?.ItemID ?? id,
    Code,
    Name: read('Name'),
    Description: read('Description'),
    PurchaseDescription: read('PurchaseDescription'),
    IsSold: flag('IsSold'),
    IsPurchased: flag('IsPurchased'),
    SalesDetails,
    PurchaseDetails,
    updatedAt: now,
  }
  return errors.length > 0 ? { errors } : { item }
}

function planPrice(
  store: OrganisationStore,
  before: ItemPrice | undefined,
  sent: unknown,
  unitDecimals: 2 | 4,
  errors: string[],
): ItemPrice {
  if (!isElement(sent)) return before ?? {}
  const amount = decimal(sent.UnitPrice)
  if (amount === null) errors.push('The UnitPrice is not a number.')
  const AccountCode = text(sent.AccountCode) ?? before?.AccountCode
  if (AccountCode && !store.accounts.by(store.accountByCode, AccountCode.toLowerCase()))
    errors.push(`Account code '${AccountCode}' is not a valid code for this document.`)
  const TaxType = text(sent.TaxType) ?? before?.TaxType
  if (TaxType && store.taxRates.get(TaxType)?.Status !== 'ACTIVE')
    errors.push(`The TaxType code '${TaxType}' does not exist or cannot be used for this type of transaction.`)
  return { UnitPrice: amount?.round(unitDecimals, halfUp).toString() ?? before?.UnitPrice, AccountCode, TaxType }
}
