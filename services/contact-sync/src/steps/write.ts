import { accepted, diagnose, type ExchangePlan, refused, seen } from '@afo/contacts'
import { type Run, sayLinked, settle } from './run.js'

/**
 * Writes up to 50 clients to Xero in one call and keeps what became of each. All are new, or all exist. A lost answer throws: the next try begins with
 * a read of what Xero has by then, and Xero takes a ContactNumber once only, so that nothing is created twice. Answers how many were left: they, or
 * their contacts, have changed since they were planned, or another process writes them.
 */
export async function writeBatch(run: Run, plans: readonly ExchangePlan[]): Promise<number> {
  const { contacts, store } = run.ports
  const clients = plans.map(({ client, send }) => ({ ...client, send }))
  const granted = new Set(await store.lease(clients, run.owner))
  const going = plans.filter((plan) => granted.has(plan.client.clientId))
  const left = plans.length - going.length
  if (going.length === 0) return left
  const isNew = going[0]?.before === null

  const writes = going.flatMap((plan) => plan.write ?? [])
  const results = await (isNew ? contacts.create(writes, run) : contacts.update(writes, run))
  const answered = going.map((plan, i) => ({ plan, result: results[i] ?? { ok: false as const, messages: [] } }))
  const good = answered.flatMap(({ plan, result }) => (result.ok ? [accepted(plan, seen(result.value))] : []))
  run.counts[isNew ? 'created' : 'updated'] += good.length
  await settle(run, good)
  if (isNew) for (const { clientId, contactId } of good) if (contactId !== null) sayLinked(run, clientId, contactId)

  // After the good ones are known, since it may be a neighbour that has the name by now.
  const bad = answered.flatMap(({ plan, result }) => (result.ok ? [] : [{ plan, messages: result.messages }]))
  if (bad.length === 0) return left
  const asked = bad.map(({ plan: { client, outcome, send } }) => ({
    clientId: client.clientId,
    contactId: outcome.contactId,
    name: send.name ?? null,
    accountNumber: send.account_number ?? null,
  }))
  const taken = new Map((await store.taken(asked)).map((t) => [t.clientId, t]))
  const refusals = bad.map(({ plan, messages }) =>
    refused(plan, diagnose(plan.send, taken.get(plan.client.clientId), messages)),
  )
  await settle(run, refusals)
  return left
}
