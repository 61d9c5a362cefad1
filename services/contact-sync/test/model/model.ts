/** The fields that histories edit: Xero refuses none of them, and no client is recognised by them. */
export const fields = ['first_name', 'last_name', 'phone', 'city'] as const
export type Field = (typeof fields)[number]
export type Values = Record<Field, string | null>

export interface Pair {
  readonly clientId: string
  /** The contact in Xero; null before the first sync. */
  contactId: string | null
  readonly base: Values
  readonly ours: Values
  readonly theirs: Values
  archived: boolean
}

export const blank = (): Values => ({ first_name: null, last_name: null, phone: null, city: null })

/** What both sides should hold, kept beside the real ones. Simple on purpose: it knows no batches, cursors or crashes. */
export interface Model {
  readonly pairs: Pair[]
  /** Contacts that a person made in Xero, without a client. */
  strangers: number
  steps: number
}

/** What a sync should do to a pair. */
export function settle(pair: Pair): void {
  for (const f of fields) {
    const { base, ours, theirs } = pair
    if (ours[f] === theirs[f]) base[f] = ours[f]
    else if (ours[f] === base[f]) {
      ours[f] = theirs[f]
      base[f] = theirs[f]
    } else if (theirs[f] === base[f] && !pair.archived) {
      theirs[f] = ours[f]
      base[f] = ours[f]
    }
  }
}

export const conflicting = ({ base, ours, theirs }: Pair, f: Field): boolean =>
  ours[f] !== theirs[f] && ours[f] !== base[f] && theirs[f] !== base[f]
