import type { AlertCause } from '@afo/contracts'

/** What an alert needs to know of the day's quota. */
export interface SpentQuota {
  readonly tenantId: string
  readonly at: string
  readonly day: { readonly remaining: number | null; readonly floor: number; readonly resetsAt: string | null }
}

/** Calls left at which somebody should know, where no floor is kept. */
const few = 100

/** Nearly gone: background work stops at the floor, so twice that is the time to say so. Once a day (UTC, as Xero counts). */
export function quotaCauses(quota: SpentQuota | null): AlertCause[] {
  if (quota === null) return []
  const { tenantId, at, day } = quota
  if (day.remaining === null || day.remaining > Math.max(few, 2 * day.floor)) return []
  const reset = day.resetsAt === null ? '' : ` The reset is about ${day.resetsAt.slice(0, 16).replace('T', ' ')} UTC.`
  const text = `${day.remaining} calls are left today; the last ${day.floor} are kept for people.${reset}`
  return [{ kind: 'quota', key: tenantId, version: at.slice(0, 10), line: { code: 'AFO-601', text } }]
}

/** One for each service that has dead letters; a new letter is a new version, a letter that went back is none. */
export const deadLetterCauses = (
  newest: readonly {
    readonly name: string
    readonly letters: readonly { readonly id: string; readonly reason: string }[]
  }[],
): AlertCause[] =>
  newest.flatMap(({ name, letters }) => {
    const [letter] = letters
    if (!letter) return []
    const text = `${name}: ${letter.reason.slice(0, 300)}`
    return [{ kind: 'deadLetters', key: name, version: letter.id, line: { code: 'AFO-603', text } }]
  })
