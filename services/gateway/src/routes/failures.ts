import {
  type Attempt,
  explained,
  type FailureContext,
  type FailureRow,
  planRetry,
  retryMessages,
  subjectsOf,
  type Verdict,
  verdictsAnswer,
  verdictUnsure,
  verdictWithoutAsking,
} from '@afo/contracts'
import { AppError, derivedId, type InternalClient, toAppError } from '@afo/kit'
import type { Handlers, RequestContext, SignedIn } from '../ports.js'
import { ask } from './commands.js'

/** Nobody works on an invoice for longer than this: a pause that lasts longer is no lease. */
const longestWorkMs = 10 * 60_000

export const failures = {
  listFailures: async ({ query }, { store }) => {
    const page = await store.list('sync_list_failures', query)
    return { status: 200, body: { ...page, items: page.items.map(explained) } }
  },
  readVerdict: async ({ params: { id } }, ctx) => {
    const [row] = await ctx.store.failures([id])
    if (!row) throw new AppError('invalid', 'There is no such failure', { status: 404, code: 'not-found' })
    const found =
      verdictWithoutAsking(row, new Date().toISOString()) ?? (await verdictsOn([row], ctx)).get(row.entityId)
    return { status: 200, body: found ?? unsure('Xero was not asked about this.') }
  },
  retryFailures: async ({ body: { ids } }, ctx) => {
    const rows = await ctx.store.failures(ids)
    const doubtful = rows.filter(({ entity, invoice }) => entity === 'invoice' && invoice?.state !== 'issued')
    const verdicts = await verdictsOn(doubtful, ctx)
    const attempts = rows.map((row) => ({ row, attempt: planRetry(row, verdicts.get(row.entityId)) }))
    await follow(
      attempts.map(({ attempt }) => attempt),
      ctx,
    )
    const results = []
    for (const { row, attempt } of attempts) {
      const { outcome, because, job } = attempt
      const commandId = job ? await command(job, ctx) : null
      results.push({ id: row.id, outcome, because, commandId })
    }
    return { status: 202, body: { asked: results.filter(({ outcome }) => outcome === 'asked').length, results } }
  },
  dismissFailures: async ({ body: { ids, reason } }, { store, caller }) => ({
    status: 200,
    body: { dismissed: await store.dismissFailures(ids, caller.name, reason) },
  }),
} satisfies Partial<Handlers>

/** What Xero has of these, by entity id; kept with the failures. Where Xero can't be asked, that is the verdict. */
async function verdictsOn(rows: readonly FailureContext[], ctx: RequestContext): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>()
  const judges: readonly (readonly [FailureRow['entity'], InternalClient])[] = [
    ['invoice', ctx.invoicing],
    ['client', ctx.contactSync],
  ]
  for (const [entity, judge] of judges) {
    const ids = [...new Set(rows.filter((row) => row.entity === entity).map(({ entityId }) => entityId))]
    if (ids.length === 0) continue
    const found = await judged(judge, ids, ctx.signal)
    await ctx.store.keepVerdicts(entity, found)
    for (const { entityId, verdict } of found) verdicts.set(entityId, verdict)
  }
  return verdicts
}

async function judged(judge: InternalClient, ids: readonly string[], signal: AbortSignal) {
  try {
    return (await judge.call('POST', '/verdicts', verdictsAnswer, { body: { ids }, signal })).verdicts
  } catch (thrown) {
    const { kind, message } = toAppError(thrown)
    if (kind === 'bug' || kind === 'invalid') throw thrown
    const verdict = unsure(`Xero can't be asked at the moment: ${message}.`)
    return ids.map((entityId) => ({ entityId, verdict }))
  }
}

const unsure = (because: string) => verdictUnsure(because, new Date().toISOString())

/** Says what is to be done about the subjects. A repeat of the request says the same again. */
async function follow(attempts: readonly Attempt[], { store, bus, commandId, requestId, scale }: SignedIn) {
  const invoices = subjectsOf(attempts, 'invoices.settle')
  if (invoices.length > 0) await store.hurryInvoices(invoices, scale.ms(longestWorkMs))
  const messages = retryMessages(attempts, (name, at) => derivedId(commandId, name, String(at)))
  if (messages.length > 0) await bus.publish(messages, { correlationId: requestId, causationId: null, tenantId: null })
}

/** Asks for a job; twice the same in one request is once. */
async function command({ name, body }: NonNullable<Attempt['job']>, ctx: SignedIn): Promise<string> {
  const { id } = (await ask(ctx, name, body, derivedId(ctx.commandId, name, JSON.stringify(body)))).body
  return id
}
