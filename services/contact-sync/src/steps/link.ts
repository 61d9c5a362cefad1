import { planCreate, planLink } from '@afo/contacts'
import type { UnlinkedClient } from '@afo/contracts'
import { inBatches } from './batches.js'
import { pageSize, pages, type Run, sayLinked, sayUnmatched } from './run.js'

/** Links moved by a merge in Xero. */
export async function followMerges(run: Run): Promise<void> {
  const { relinked, asked } = await run.ports.store.followMerges()
  for (const { clientId, contactId } of relinked) sayLinked(run, clientId, contactId)
  for (const clientId of asked) sayUnmatched(run, clientId)
  run.counts.relinked += relinked.length
  run.counts.asked += asked.length
}

/** Finds every unlinked client its contact: links what is sure, asks a person where it isn't, creates what Xero doesn't have. */
export async function linkClients(run: Run): Promise<void> {
  // Clients that share a name or e-mail go one after the other: the second round sees what became of the first.
  for (const round of [1, 2]) {
    let waiting = 0
    const batches = inBatches(run)
    for await (const page of pages((after) => run.ports.store.unlinked(after, pageSize, run.clientIds))) {
      const sorted = await linkPage(run, page)
      waiting += sorted.waiting
      if (run.switches.contactsToXero) await batches.add(sorted.create.map(planCreate))
    }
    await batches.end()
    if (waiting === 0 || round === 2) return
  }
}

async function linkPage(run: Run, page: readonly UnlinkedClient[]) {
  const { store } = run.ports
  const plans = page.map((client) => ({ client, plan: planLink(client) }))
  const links = plans.flatMap(({ client: { clientId }, plan }) =>
    plan.kind === 'link' ? [{ clientId, contactId: plan.contactId }] : [],
  )
  const questions = plans.flatMap(({ client: { clientId, candidates }, plan }) =>
    plan.kind === 'ask' ? [{ clientId, reason: plan.reason, candidates }] : [],
  )
  const create = plans.flatMap(({ client, plan }) => (plan.kind === 'create' ? [client] : []))

  if (links.length > 0) {
    const taken = new Set(await store.link(links))
    for (const { clientId, contactId } of links.filter((l) => !taken.has(l.clientId))) {
      run.counts.linked++
      sayLinked(run, clientId, contactId)
    }
  }
  if (questions.length > 0) {
    const asked = await store.ask(questions)
    run.counts.asked += asked.length
    for (const clientId of asked) sayUnmatched(run, clientId)
  }
  const open = create.filter((client) => !client.create)
  if (open.length > 0) await store.dropQuestions(open.map((client) => client.clientId))
  return { create, waiting: plans.filter(({ plan }) => plan.kind === 'wait').length }
}
