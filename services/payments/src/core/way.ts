/** How a poll asks Xero. */
export type Way =
  /** Each by its id, 40 a call: exact. */
  | { readonly by: 'ids'; readonly all: boolean }
  /** What changed since, 1,000 a call: one call when nothing did, however many are open; what was paid shows as well. */
  | { readonly by: 'changes'; readonly since: string }

export const perIdCall = 40
const overlapMs = 5 * 60_000

/**
 * Paid is no end: a payment may be taken back and its invoice voided. So whatever changed is read once it is known since when. The first poll reads what is
 * open, by ids where that takes one call. Changes miss some edits (a due date on a part-paid invoice) and what Xero has lost, so a full reconcile asks by ids.
 * @param changedSince start of the last reading; null before the first
 * @param oldest when the oldest open invoice was sent
 */
export function chooseWay(
  { open, oldest }: { readonly open: number; readonly oldest: string | null },
  changedSince: string | null,
  full: boolean,
): Way {
  if (full) return { by: 'ids', all: true }
  const since = changedSince ?? (open > perIdCall ? oldest : null)
  return since === null ? { by: 'ids', all: false } : { by: 'changes', since: before(since, overlapMs) }
}

const before = (instant: string, ms: number) => new Date(Date.parse(instant) - ms).toISOString()
