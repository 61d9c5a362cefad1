import { soldItems } from '@afo/billing'
import type { Difference, ImportedItem, ItemFacts } from '@afo/contracts'
import type { XeroItem } from '@afo/xero'
import { amount, type Compared, field, type Subject, whole } from './difference.js'

const later = 'The next import takes it over.'
const texts = ['name', 'code', 'description', 'accountCode', 'taxType'] as const

/** Xero's price list beside our activity types. */
export function compareItems(items: readonly XeroItem[], facts: readonly ItemFacts[]): Compared {
  const ours = new Map(facts.map((fact) => [fact.itemId, fact]))
  const differences = soldItems(items).flatMap((item) => compare(item, ours.get(item.itemId)))
  const sold = new Set(soldItems(items).map((item) => item.itemId))
  return { seen: facts.filter((fact) => sold.has(fact.itemId)).map((fact) => fact.id), differences }
}

function compare(theirs: ImportedItem, ours: ItemFacts | undefined): Difference[] {
  const subject: Subject = { entity: 'item', ourId: ours?.id ?? null, xeroId: theirs.itemId, name: theirs.name }
  if (!ours) return [whole(subject, 'missing-here', `Sold in Xero and no activity type here. ${later}`)]
  if (ours.missing) return [whole(subject, 'orphan', `Marked as gone from Xero, though it is there. ${later}`)]
  return [
    ...texts.flatMap((name) =>
      field(subject, name, ours[name], theirs[name], `Differs from Xero's price list. ${later}`),
    ),
    // Where Xero has no price, the rate is the office's own.
    ...(theirs.rate === null ? [] : amount(subject, 'rate', ours.rate, theirs.rate, `The price differs. ${later}`)),
  ]
}
