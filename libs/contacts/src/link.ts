import type { Candidate, UnlinkedClient } from '@afo/contracts'

export type LinkPlan =
  | { readonly kind: 'link'; readonly contactId: string }
  | { readonly kind: 'ask'; readonly reason: 'several' | 'linked-elsewhere' | 'contested' }
  | { readonly kind: 'create' }
  /** A client before it has the same name or e-mail: what becomes of that one decides. */
  | { readonly kind: 'wait' }

type Unlinked = Pick<UnlinkedClient, 'create' | 'earlier' | 'candidates'>

/**
 * Which contact an unlinked client is. By our own number first, then by e-mail and name: one that shares both is sure, else a single one that nobody
 * else could be. Everything short of sure is a person's to answer; nothing in common makes a new contact.
 */
export function planLink({ create, earlier, candidates }: Unlinked): LinkPlan {
  const [numbered] = candidates.filter((c) => c.by.includes('number'))
  if (numbered) return sure(numbered)
  if (create) return { kind: 'create' }
  const both = candidates.filter((c) => c.by.includes('email') && c.by.includes('name'))
  const [only] = both.length > 0 ? both : candidates
  if (!only) return { kind: earlier ? 'wait' : 'create' }
  if (both.length > 1 || (both.length === 0 && candidates.length > 1)) return { kind: 'ask', reason: 'several' }
  if (both.length === 0 && only.linkedTo === null && only.contested) return { kind: 'ask', reason: 'contested' }
  return sure(only)
}

const sure = ({ contactId, linkedTo }: Candidate): LinkPlan =>
  linkedTo === null ? { kind: 'link', contactId } : { kind: 'ask', reason: 'linked-elsewhere' }
