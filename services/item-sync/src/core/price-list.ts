import type { FailureReport, ItemImport } from '@afo/contracts'

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
