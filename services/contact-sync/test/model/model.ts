/** The fields that histories edit: Xero refuses none of them but a name that is taken, and no client is recognised by the others. */
export const fields = ['name', 'first_name', 'last_name', 'phone', 'city'] as const
export type Field = (typeof fields)[number]
export type Values = Record<Field, string | null>

/** The name of a contact that is there from the start; Xero gives it to nobody else. */
export const takenName = 'Taken'

export interface Pair {
  readonly clientId: string
  /** The contact in Xero; null before the first sync. */
  contactId: string | null
  /** Contacts that were merged into it since the product last looked: it knows the client by one of these. */
  former: string[]
  readonly base: Values
  readonly ours: Values
  readonly theirs: Values
  archived: boolean
}

/** What both sides should hold, kept beside the real ones. Simple on purpose: it knows no batches, cursors or crashes. */
export interface History {
  readonly pairs: Pair[]
  steps: number
}

const nothing = { first_name: null, last_name: null, phone: null, city: null }

export function newPair(clientId: string, name: string): Pair {
  const values = () => ({ name, ...nothing })
  return { clientId, contactId: null, former: [], base: values(), ours: values(), theirs: values(), archived: false }
}

/** Its contact was merged into another one. */
export function merged(pair: Pair, contactId: string, name: string, city: string | null): void {
  Object.assign(pair.theirs, nothing, { name, city })
  if (pair.contactId !== null) pair.former.push(pair.contactId)
  pair.contactId = contactId
}

const oursAlone = ({ base, ours, theirs, archived }: Pair, f: Field) =>
  !archived && ours[f] !== theirs[f] && theirs[f] === base[f]

/** Xero would refuse the whole write for its name. */
export const refused = (pair: Pair): boolean => oursAlone(pair, 'name') && pair.ours.name === takenName

/** What a sync should do to a pair. */
export function settle(pair: Pair): void {
  const { base, ours, theirs } = pair
  pair.former = []
  const sent = refused(pair) ? [] : fields.filter((f) => oursAlone(pair, f))
  for (const f of fields) {
    if (ours[f] === theirs[f]) base[f] = ours[f]
    else if (ours[f] === base[f]) {
      ours[f] = theirs[f]
      base[f] = theirs[f]
    } else if (sent.includes(f)) {
      theirs[f] = ours[f]
      base[f] = ours[f]
    }
  }
}

export const conflicting = ({ base, ours, theirs }: Pair, f: Field): boolean =>
  ours[f] !== theirs[f] && ours[f] !== base[f] && theirs[f] !== base[f]
