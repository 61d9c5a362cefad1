import { clientsById, contacts, openConflicts, openFailures, openQuestions } from '../company.js'
import type { Company } from './company.js'
import { conflicting, fields, type Pair, refused } from './model.js'
import { theirsOf } from './steps.js'

export interface Finding {
  readonly kind: 'duplicate' | 'lostEdit' | 'diverged'
  readonly what: string
}

/** Holds both sides against the model after the last sync. What waits for a person is a question, not a finding. */
export async function examine(company: Company): Promise<{ findings: Finding[]; openQuestions: number }> {
  const { rig, histories } = company
  const findings: Finding[] = []
  const find = (kind: Finding['kind'], what: string) => findings.push({ kind, what })
  const [open, failed, unmatched] = [await openConflicts(rig), await openFailures(rig), await openQuestions(rig)]
  const pairs = histories.flatMap((history) => history.pairs)
  const client = await clientsById(
    rig,
    pairs.map(({ clientId }) => clientId),
  )
  for (const pair of pairs) {
    const row = client(pair.clientId)
    const theirs = theirsOf(rig, pair.contactId ?? '')
    const codes = failed.filter((f) => f.entity_id === pair.clientId).map((f) => f.code)
    for (const f of fields) {
      const asked = open.some((c) => c.client_id === pair.clientId && c.field === f)
      const [was, should] = [JSON.stringify([row[f], theirs[f]]), JSON.stringify([pair.ours[f], pair.theirs[f]])]
      if (was !== should) find('lostEdit', `${pair.clientId} ${f}: ${was}, should be ${should}`)
      if (row[f] !== theirs[f] && !asked && codes.length === 0) find('diverged', `${pair.clientId} ${f}: ${was}`)
      if (asked !== conflicting(pair, f)) find('diverged', `${pair.clientId} ${f}: ${asked ? 'asked' : 'not asked'}`)
    }
    if (codes.join() !== reason(pair)) find('diverged', `${pair.clientId} fails for ${codes}, not for ${reason(pair)}`)
    if ((row.archived_at !== null) !== pair.archived) find('diverged', `${pair.clientId} archived: ${!pair.archived}`)
  }
  for (const { client_id, reason } of unmatched) find('diverged', `${client_id} is asked about: ${reason}`)
  const numbers = contacts(rig).flatMap((c) => c.ContactNumber ?? [])
  for (const number of numbers.filter((n, i) => numbers.indexOf(n) !== i)) find('duplicate', `number ${number}`)
  const extra = contacts(rig).length - pairs.length - company.strangers
  if (extra !== 0) find('duplicate', `${extra} contacts more than people made`)
  const linked = pairs.map((pair) => pair.contactId)
  if (new Set(linked).size !== linked.length) find('duplicate', 'two clients are linked to one contact')
  return { findings, openQuestions: open.length }
}

/** What the failed inbox should say of a pair after a sync. */
function reason(pair: Pair): string {
  const { archived, base, ours, theirs } = pair
  const held = archived && fields.some((f) => ours[f] !== theirs[f] && theirs[f] === base[f])
  return held ? 'AFO-205' : refused(pair) ? 'AFO-203' : ''
}
