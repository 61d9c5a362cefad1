import { diagnose } from '../core/clean.js'
import { accepted, type ExchangePlan, refused } from '../core/exchange.js'
import { seen } from '../core/mapping.js'
import { type Run, sayLinked, settle } from './run.js'

/**
 * Writes up to 50 clients to Xero in one call and keeps what became of each. All are new, or all exist. A lost answer throws: the next try begins with
 * a read of what Xero has by then, and Xero takes a ContactNumber once only, so that nothing is created twice.
 */
export async function writeBatch(run: Run, plans: readonly ExchangePlan[]): Promise<void> {
  if (plans.length === 0) return
  const { contacts, store } = run.ports
  const granted = new Set(
    await store.lease(
      plans.map((plan) => plan.client),
      run.owner,
    ),
  )
  const going = plans.flatMap((plan) =>
    plan.write && granted.has(plan.client.clientId) ? [{ plan, write: plan.write }] : [],
  )
  const isNew = going[0]?.plan.before === null
  if (going.length === 0) return

  const results = await contacts[isNew ? 'create' : 'update'](
    going.map(({ write }) => write),
    run,
  )
  const bad = going.filter((_, i) => !results[i]?.ok).map(({ plan }) => plan)
  const taken = new Map(bad.length > 0 ? (await askTaken(run, bad)).map((t) => [t.clientId, t]) : [])
  const outcomes = going.map(({ plan }, i) => {
    const result = results[i]
    const free = { name: false, accountNumber: false }
    return result?.ok
      ? accepted(plan, seen(result.value))
      : refused(plan, diagnose(plan.send, taken.get(plan.client.clientId) ?? free, result?.messages ?? []))
  })
  await settle(run, outcomes)
  for (const { clientId, contactId, failure } of outcomes) {
    if (failure !== null) continue
    run.counts[isNew ? 'created' : 'updated']++
    if (isNew && contactId !== null) sayLinked(run, clientId, contactId)
  }
}

const askTaken = (run: Run, plans: readonly ExchangePlan[]) =>
  run.ports.store.taken(
    plans.map(({ client: { clientId }, outcome: { contactId }, send }) => ({
      clientId,
      contactId,
      name: send.name ?? null,
      accountNumber: send.account_number ?? null,
    })),
  )
