const DAY_MS = 86_400_000
/** Xero forgets a refresh token that nobody used for this long. */
export const REFRESH_TOKEN_DAYS = 60
/** Days left at which a person is warned. */
export const WARN_AT_DAYS = [14, 7, 1] as const

/** Days until the refresh token dies unused, begun ones counted, by its age. `dayMs` is a day's length (tests run faster). */
export const daysLeft = (refreshedAgoMs: number, dayMs = DAY_MS): number =>
  Math.max(0, Math.ceil(REFRESH_TOKEN_DAYS - refreshedAgoMs / dayMs))

/** The warning that is due at so many days left: the smallest threshold that is reached, or none. */
export const warningDue = (left: number): number | null => WARN_AT_DAYS.findLast((days) => left <= days) ?? null

/** The scopes that were asked for and not granted. Those of sign-in are left out: nothing stops working without them. */
export function missingScopes(asked: readonly string[], granted: readonly string[]): string[] {
  const covers = (scope: string) =>
    granted.includes(scope) || (scope.endsWith('.read') && granted.includes(scope.slice(0, -'.read'.length)))
  return asked.filter((scope) => scope.startsWith('accounting.') && !covers(scope))
}
