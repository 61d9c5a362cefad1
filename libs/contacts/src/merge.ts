import {
  type ClientFields,
  type FieldConflict,
  type OwnerRule,
  type SomeFields,
  type SyncedField,
  syncedFields,
} from '@afo/contracts'

export interface Sides {
  /** What both sides last agreed on. A field that is absent was never agreed on: the first link. */
  readonly base: SomeFields
  readonly ours: ClientFields
  readonly theirs: ClientFields
}

export interface MergeRules {
  /** Who wins a clash; a field that isn't named asks. */
  readonly owners: Readonly<Partial<Record<SyncedField, OwnerRule>>>
  /** The side that was edited last, for the rule `newest`. */
  readonly newer: 'ours' | 'xero'
}

export interface Merge {
  /** Fields to be written on our side. */
  readonly toOurs: SomeFields
  /** Fields to be written to Xero. */
  readonly toXero: SomeFields
  /** Fields that both sides have already. */
  readonly agreed: SomeFields
  /** Fields that wait for a person while the others go on. */
  readonly conflicts: readonly FieldConflict[]
}

type Verdict = 'agreed' | 'ours' | 'xero' | 'conflict'

/** Three-way merge, field by field: a side that alone changed wins, a clash goes by the field's owner rule. */
export function merge(sides: Sides, rules: MergeRules): Merge {
  const toOurs: Record<string, string | null> = {}
  const toXero: Record<string, string | null> = {}
  const agreed: Record<string, string | null> = {}
  const conflicts: FieldConflict[] = []
  for (const field of syncedFields) {
    const ours = sides.ours[field]
    const theirs = sides.theirs[field]
    const verdict = judge(field, sides, rules)
    if (verdict === 'agreed') agreed[field] = ours
    else if (verdict === 'xero') toOurs[field] = theirs
    else if (verdict === 'ours') toXero[field] = ours
    else conflicts.push({ field, base: sides.base[field] ?? null, ours, theirs })
  }
  return { toOurs, toXero, agreed, conflicts }
}

function judge(field: SyncedField, { base, ours, theirs }: Sides, { owners, newer }: MergeRules): Verdict {
  if (ours[field] === theirs[field]) return 'agreed'
  const before = base[field]
  if (before === undefined) {
    if (ours[field] === null) return 'xero'
    if (theirs[field] === null) return 'ours'
  } else {
    if (ours[field] === before) return 'xero'
    if (theirs[field] === before) return 'ours'
  }
  const rule = owners[field] ?? 'ask'
  if (rule === 'ask') return 'conflict'
  return rule === 'newest' ? newer : rule
}
