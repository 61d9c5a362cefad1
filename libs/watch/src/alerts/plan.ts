import type { AlertGroup, Settings } from '@afo/contracts'

type Rules = Pick<Settings<'alerts'>, 'kinds' | 'digestAt' | 'quiet'>

export interface AlertPlan {
  readonly say: readonly AlertGroup[]
  /** The day whose digest this is; null where none is due. */
  readonly slot: string | null
}

/**
 * What may be said now. Quiet hours hold everything back; a digest is due once a day, from its hour on.
 * @param now the office's date and time of day, "2026-11-25" and "08:30"
 * @param lastSlot the day of the last digest
 */
export function planAlert(
  groups: readonly AlertGroup[],
  { kinds, digestAt, quiet }: Rules,
  now: { readonly date: string; readonly time: string },
  lastSlot: string | null,
): AlertPlan {
  if (quiet && within(now.time, quiet)) return { say: [], slot: null }
  const due = now.time >= digestAt && (lastSlot === null || lastSlot < now.date)
  const say = groups.filter(({ kind }) => kinds[kind] === 'now' || (due && kinds[kind] === 'digest'))
  return { say, slot: due ? now.date : null }
}

/** From is in it, to is not; it may reach over midnight. */
const within = (time: string, { from, to }: { readonly from: string; readonly to: string }) =>
  from <= to ? time >= from && time < to : time >= from || time < to
