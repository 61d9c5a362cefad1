/** How a poll asks Xero. */
export type Way =
  | { readonly by: 'nothing' }
  /** Each by its id, 40 a call: exact, and cheapest for a few. */
  | { readonly by: 'ids'; readonly all: boolean }
  /** What changed since, 1,000 a call: one call when nothing did, however many are open. */
  | { readonly by: 'changes'; readonly since: string }

export const perIdCall = 40
const overlapMs = 5 * 60_000

/**
 * The cheaper way. Changes miss some edits (a due date on a part-paid invoice), so a full reconcile asks by ids.
 * @param changedSince start of the last complete reading; null before the first
 * @param oldest when the oldest open invoice was sent
 */
export function chooseWay(
  { open, oldest }: { readonly open: number; readonly oldest: string | null },
  changedSince: string | null,
  full: boolean,
): Way {
  if (full) return { by: 'ids', all: true }
  if (open === 0 && changedSince === null) return { by: 'nothing' }
  if (open > 0 && open <= perIdCall) return { by: 'ids', all: false }
  const since = changedSince ?? oldest
  return since ? { by: 'changes', since: before(since, overlapMs) } : { by: 'ids', all: false }
}

const before = (instant: string, ms: number) => new Date(Date.parse(instant) - ms).toISOString()
