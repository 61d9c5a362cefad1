import type { ServiceRig } from '@afo/testing'
import { client, contacts, openConflicts } from '../company.js'
import { theirsOf } from './commands.js'
import { conflicting, fields, type Model } from './model.js'

export interface Finding {
  readonly kind: 'duplicate' | 'lostEdit' | 'diverged'
  readonly what: string
}

/** Holds both sides against the model after the last sync. What waits for a person is a question, not a finding. */
export async function examine(model: Model, rig: ServiceRig): Promise<{ findings: Finding[]; openQuestions: number }> {
  const findings: Finding[] = []
  const find = (kind: Finding['kind'], what: string) => findings.push({ kind, what })
  const open = await openConflicts(rig)
  for (const pair of model.pairs) {
    const row = await client(rig, pair.clientId)
    const theirs = theirsOf(rig, pair.contactId ?? '')
    for (const f of fields) {
      const asked = open.some((c) => c.client_id === pair.clientId && c.field === f)
      const [was, should] = [JSON.stringify([row[f], theirs[f]]), JSON.stringify([pair.ours[f], pair.theirs[f]])]
      if (was !== should) find('lostEdit', `${pair.clientId} ${f}: ${was}, should be ${should}`)
      if (row[f] !== theirs[f] && !asked && !pair.archived) find('diverged', `${pair.clientId} ${f}: ${was}`)
      if (asked !== conflicting(pair, f)) find('diverged', `${pair.clientId} ${f}: ${asked ? 'asked' : 'not asked'}`)
    }
    if ((row.archived_at !== null) !== pair.archived) find('diverged', `${pair.clientId} archived: ${!pair.archived}`)
  }
  const numbers = contacts(rig).flatMap((c) => c.ContactNumber ?? [])
  for (const number of numbers.filter((n, i) => numbers.indexOf(n) !== i)) find('duplicate', `number ${number}`)
  const extra = contacts(rig).length - model.pairs.length - model.strangers
  if (extra !== 0) find('duplicate', `${extra} contacts more than people made`)
  const linked = model.pairs.map((pair) => pair.contactId)
  if (new Set(linked).size !== linked.length) find('duplicate', 'two clients are linked to one contact')
  return { findings, openQuestions: open.length }
}
