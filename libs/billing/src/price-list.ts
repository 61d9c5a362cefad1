import type { ImportedItem } from '@afo/contracts'

/** What the price list needs of an item of Xero's. */
export interface ListedItem {
  readonly itemID: string
  readonly code: string
  readonly name: string | null
  readonly description: string | null
  readonly isSold: boolean
  readonly salesDetails: {
    readonly unitPrice: string | null
    readonly accountCode: string | null
    readonly taxType: string | null
  } | null
}

/** The activity types that a price list asks for. What is only purchased is nobody's activity; an item without a name goes by its code. */
export const soldItems = (items: readonly ListedItem[]): ImportedItem[] =>
  items
    .filter((item) => item.isSold)
    .map(({ itemID, code, name, description, salesDetails }) => ({
      itemId: itemID,
      code,
      name: name ?? code,
      description,
      rate: salesDetails?.unitPrice ?? null,
      accountCode: salesDetails?.accountCode ?? null,
      taxType: salesDetails?.taxType ?? null,
    }))
