import { sameAmount } from '@afo/billing'
import type { Difference } from '@afo/contracts'
import { Big } from 'big.js'

/** What a page of Xero's came to: which of our rows it showed, and where both sides differ. */
export interface Compared {
  readonly seen: readonly string[]
  readonly differences: readonly Difference[]
}

/** Who a difference is about. */
export type Subject = Pick<Difference, 'entity' | 'ourId' | 'xeroId' | 'name'>

type Value = string | null

const none = { field: null, ours: null, theirs: null, cents: null }

/** Something that one side alone has, or that hangs on nothing. */
export const whole = (subject: Subject, kind: Difference['kind'], verdict: string): Difference => ({
  ...subject,
  ...none,
  kind,
  verdict,
})

/** A field that reads differently; none where it doesn't. */
export const field = (subject: Subject, name: string, ours: Value, theirs: Value, verdict: string): Difference[] =>
  (ours || null) === (theirs || null)
    ? []
    : [{ ...subject, kind: 'differs', field: name, ours, theirs, cents: null, verdict }]

/** An amount that differs. What is absent is nothing. */
export function amount(subject: Subject, name: string, ours: Value, theirs: Value, verdict: string): Difference[] {
  const [here, there] = [ours ?? '0', theirs ?? '0']
  if (sameAmount(here, there)) return []
  const cents = new Big(there).minus(here).toFixed(2)
  return [{ ...subject, kind: 'cents', field: name, ours, theirs, cents, verdict }]
}
