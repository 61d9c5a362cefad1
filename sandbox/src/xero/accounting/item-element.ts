import type { Item, ItemPrice } from '../store/types.js'
import { instant, rounded } from './wire.js'

function price({ UnitPrice, AccountCode, TaxType }: ItemPrice, unitDecimals: 2 | 4): object {
  return {
    ...(UnitPrice === undefined ? {} : { UnitPrice: rounded(UnitPrice, unitDecimals) }),
    ...(AccountCode ? { AccountCode } : {}),
    ...(TaxType ? { TaxType } : {}),
  }
}

export function itemElement(item: Item, unitDecimals: 2 | 4): object {
  return {
    ItemID: item.ItemID,
    Code: item.Code,
    ...(item.Description ? { Description: item.Description } : {}),
    ...(item.PurchaseDescription ? { PurchaseDescription: item.PurchaseDescription } : {}),
    UpdatedDateUTC: instant(item.updatedAt),
    PurchaseDetails: price(item.PurchaseDetails, unitDecimals),
    SalesDetails: price(item.SalesDetails, unitDecimals),
    ...(item.Name ? { Name: item.Name } : {}),
    IsTrackedAsInventory: false,
    IsSold: item.IsSold,
    IsPurchased: item.IsPurchased,
  }
}
