import type { FailureReport, ImportedItem, ItemImport } from '@afo/contracts'
import type { XeroItem } from '@afo/xero'

/** The activity types that a price list asks for. What is only purchased is nobody's activity; an item without a name goes by its code. */
export const soldItems = (items: readonly XeroItem[]): ImportedItem[] =>
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

/** The lines of the failed inbox for items that could not be taken over. */
export const refusals = (refused: ItemImport['refused'], commandId: string): FailureReport[] =>
  refused.map(({ itemId, code, name, message }) => ({
    entity: 'item',
    entityId: itemId,
    code: 'AFO-399',
    message,
    details: { code, name },
    commandId,
  }))

/** The import in one line for the sync log: what happened, without what didn't. */
export const summarise = (counts: Omit<ItemImport, 'refused'>): string =>
  (['added', 'updated', 'restored', 'missing', 'unchanged'] as const)
    .filter((what) => counts[what] > 0)
    .map((what) => `${counts[what]} ${what}`)
    .join(', ') || 'Xero has no items'
