import {
  type HeldItem,
  heldBilling,
  heldItem,
  type InvoicePlan,
  isHeld,
  objection,
  planInvoice,
  type Reference,
  reasonsOf,
  summarise,
} from '@afo/billing'
import type { BodyOf, HeldBilling, InvoiceWork, Message, ReportedInvoice, Settings } from '@afo/contracts'
import { AppError, derivedId, failpoint } from '@afo/kit'
import type { JobHandler } from '@afo/service'
import type { Period } from '../adapters/store.js'
import { saysIssued } from '../core/facts.js'
import { createDelivery, perBatch } from '../deliver.js'
import type { Ports } from '../ports.js'

/** One run: what is asked, and what a plan needs to know. */
interface Run {
  readonly message: Message<'invoices.create'>
  readonly setting: Settings<'invoicing'>
  readonly reference: Reference
  /** In use when the reference was read, or longer. */
  readonly tenantId: string | null
  readonly period: Period
  readonly signal: AbortSignal
}

/**
 * invoices.create: plans, claims and sends, up to 50 invoices at a time. Run again after a crash it first finishes what it had claimed; what is billed
 * is no longer billable, so nothing is billed twice.
 */
export const createInvoices = (ports: Ports): JobHandler<'invoices.create'> => {
  const { store, settings, times } = ports
  const deliver = createDelivery(ports)
  return async (message, { signal, progress }) => {
    await mustBeOn(ports)
    const setting = await settings.read('invoicing')
    const tenantId = await store.tenant()
    const reference = await ports.reference({ priority: 'invoice', signal })
    const run: Run = {
      message,
      setting,
      reference,
      tenantId,
      period: periodOf(message.body, setting, reference),
      signal,
    }
    const context = { cause: message, timeZone: reference.timeZone, signal }

    const before = await store.ofCommand(message.id)
    await sayAgain(ports, message, before)
    await deliver(await store.takeOwn(message.id, times.leaseMs), context)

    const { costCenterId } = message.body
    const wanted = costCenterId ? [costCenterId] : await store.candidates(run.period)
    const ids = wanted.filter((id) => !before.some((invoice) => invoice.costCenterId === id))
    const held: HeldItem[] = []
    for (let done = 0; done < ids.length; done += perBatch) {
      await progress(done, ids.length)
      await mustBeOn(ports)
      await deliver(await claimAll(ports, run, ids.slice(done, done + perBatch), held), context)
    }
    await progress(ids.length, ids.length)
    const result = summarise(await store.ofCommand(message.id), held)
    failpoint('before-ack')
    return { result }
  }
}

async function mustBeOn({ settings }: Ports): Promise<void> {
  if (!(await settings.read('sync')).invoices)
    throw new AppError('rejected', 'Invoicing is switched off in the settings', { code: 'switched-off' })
}

export const periodOf = (
  { from, to }: Pick<BodyOf<'invoices.create'>, 'from' | 'to'>,
  { billFrom }: Settings<'invoicing'>,
  { timeZone }: Reference,
): Period => ({ from, to, billFrom, timeZone })

/** A crash may have come between the commit and the saying: what this command issued so far is said again, under the same ids. */
async function sayAgain(
  { say }: Ports,
  message: Message<'invoices.create'>,
  before: readonly ReportedInvoice[],
): Promise<void> {
  const said = before.flatMap((invoice) =>
    invoice.state === 'issued' && invoice.xeroInvoiceId ? saysIssued(invoice, invoice.xeroInvoiceId) : [],
  )
  if (said.length > 0) await say(said, message)
}

/** Claims what can be billed of these cost centres; the others are held, with their reasons, and contacts that are missing are asked for. */
async function claimAll(ports: Ports, run: Run, ids: readonly string[], held: HeldItem[]): Promise<InvoiceWork[]> {
  const { store, say } = ports
  const claimed: InvoiceWork[] = []
  const holding: HeldBilling[] = []
  const clientIds = new Set<string>()
  for (const planned of await plan(ports, run, ids)) {
    run.signal.throwIfAborted()
    const outcome = await claim(ports, run, planned)
    if ('fence' in outcome) {
      claimed.push(outcome)
      continue
    }
    held.push(heldItem(outcome))
    holding.push(heldBilling(outcome, run.message))
    if (outcome.client && reasonsOf(outcome).some(({ code }) => code === 'AFO-401')) clientIds.add(outcome.client.id)
  }
  if (holding.length > 0) await store.held(holding)
  const body = { clientIds: [...clientIds] }
  if (clientIds.size > 0) await say([{ name: 'contacts.push', key: derivedId(...clientIds), body }], run.message)
  return claimed
}

async function plan({ store }: Ports, run: Run, ids: readonly string[]): Promise<InvoicePlan[]> {
  const { message, setting, reference, period } = run
  const { now, sources } = await store.sources(ids, period, setting.numberPrefix)
  if (message.body.costCenterId && sources.length === 0)
    throw new AppError('invalid', 'There is no such cost centre', { status: 404, code: 'not-found' })
  return sources.map((source) => planInvoice(source, message.body, setting, reference, now))
}

/** Claims as planned; when somebody was faster or changed a timesheet, plans anew. Answers the plan where it is held. */
async function claim(ports: Ports, run: Run, planned: InvoicePlan, tries = 3): Promise<InvoiceWork | InvoicePlan> {
  const { setting, message, tenantId } = run
  const { client, objections: _, leftOut: __, what: ___, ...frozen } = planned
  if (isHeld(planned) || !client?.contactId) return planned
  failpoint('before-claim')
  const invoice = await ports.store.claim({
    ...frozen,
    lines: [...frozen.lines],
    timesheets: [...frozen.timesheets],
    id: ports.newId(),
    commandId: message.id,
    tenantId,
    clientId: client.id,
    contactId: client.contactId,
    prefix: setting.numberPrefix,
    start: setting.numberStart,
    width: setting.numberWidth,
    leaseMs: ports.times.leaseMs,
  })
  failpoint('after-claim')
  if (invoice === 'unbalanced') {
    // A defect of the planner's: its neighbours aren't to suffer for it.
    const why = objection('AFO-422', `Lines of ${planned.total} do not add up to their hours`, [])
    return { ...planned, objections: [...planned.objections, why] }
  }
  if (invoice !== 'changed') return invoice
  if (tries === 1) throw new AppError('notReady', 'The timesheets change all the time', { code: 'timesheets-changing' })
  const [again] = await plan(ports, run, [planned.costCenterId])
  return again ? claim(ports, run, again, tries - 1) : planned
}
