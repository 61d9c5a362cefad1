import type { BodyOf, HeldBilling, InvoiceClaim, InvoiceWork, Message, NewMessage, Settings } from '@afo/contracts'
import { AppError, derivedId } from '@afo/kit'
import type { JobHandler } from '@afo/service'
import { chunks } from '../core/chunks.js'
import { saysIssued } from '../core/facts.js'
import { type HeldItem, heldBilling, heldItem, waitsForContact } from '../core/held.js'
import { type InvoicePlan, isHeld, planInvoice } from '../core/plan.js'
import type { Reference } from '../core/reference.js'
import { summarise } from '../core/summary.js'
import { createDelivery, type DeliveryContext } from '../deliver.js'
import type { Period, Ports } from '../ports.js'

const perChunk = 50

/** One run: what is asked, and what a plan needs to know. */
interface Run {
  readonly message: Message<'invoices.create'>
  readonly setting: Settings<'invoicing'>
  readonly reference: Reference
  readonly period: Period
}

/**
 * invoices.create: plans, claims and sends, up to 50 invoices at a time. Run again after a crash it first finishes what it had claimed; what is billed
 * is no longer billable, so nothing is billed twice.
 */
export const createInvoices = (ports: Ports): JobHandler<'invoices.create'> => {
  const { store, settings, reference, times } = ports
  const deliver = createDelivery(ports)
  return async (message, { signal, progress }) => {
    if (!(await settings.read('sync')).invoices)
      throw new AppError('rejected', 'Invoicing is switched off in the settings', { code: 'switched-off' })
    const setting = await settings.read('invoicing')
    const known = await reference({ priority: 'invoice', signal })
    const run: Run = { message, setting, reference: known, period: periodOf(message.body, setting, known) }
    const context: DeliveryContext = { cause: message, timeZone: known.timeZone, signal }

    await sayAgain(ports, message)
    await deliver(await store.takeOwn(message.id, times.leaseMs), context)

    const { costCenterId } = message.body
    const ids = costCenterId ? [costCenterId] : await store.candidates(run.period)
    const held: HeldItem[] = []
    let done = 0
    for (const chunk of chunks(ids, perChunk)) {
      await progress(done, ids.length)
      const claimed = await claimAll(ports, run, chunk, held)
      await deliver(claimed, context)
      done += chunk.length
    }
    await progress(done, ids.length)
    return { result: summarise(await store.ofCommand(message.id), held) }
  }
}

export const periodOf = (
  body: Pick<BodyOf<'invoices.create'>, 'from' | 'to'>,
  { billFrom }: Settings<'invoicing'>,
  { timeZone }: Reference,
): Period => ({ from: body.from, to: body.to, billFrom, timeZone })

/** A crash may have come between the commit and the saying: what this command issued so far is said again, under the same ids. */
async function sayAgain({ store, say }: Ports, message: Message<'invoices.create'>): Promise<void> {
  const said = (await store.ofCommand(message.id)).flatMap((invoice) =>
    invoice.state === 'issued' && invoice.xeroInvoiceId ? saysIssued(invoice, invoice.xeroInvoiceId) : [],
  )
  if (said.length > 0) await say(said, message)
}

async function claimAll(
  ports: Ports,
  run: Run,
  costCenterIds: readonly string[],
  held: HeldItem[],
): Promise<InvoiceWork[]> {
  const claimed: InvoiceWork[] = []
  const holding: HeldBilling[] = []
  const clients = new Set<string>()
  for (const first of await plan(ports, run, costCenterIds)) {
    const outcome = await claim(ports, run, first)
    if (!('objections' in outcome)) {
      claimed.push(outcome)
      continue
    }
    held.push(heldItem(outcome))
    holding.push(heldBilling(outcome, run.message))
    const waiting = waitsForContact(outcome)
    if (waiting) clients.add(waiting)
  }
  if (holding.length > 0) await ports.store.held(holding)
  if (clients.size > 0) await ports.say([push([...clients])], run.message)
  return claimed
}

async function plan({ store }: Ports, run: Run, costCenterIds: readonly string[]): Promise<InvoicePlan[]> {
  const { message, setting, reference, period } = run
  const { now, sources } = await store.sources(costCenterIds, period, setting.numberPrefix)
  if (message.body.costCenterId && sources.length === 0)
    throw new AppError('invalid', 'There is no such cost centre', { status: 404, code: 'not-found' })
  return sources.map((source) => planInvoice(source, message.body, setting, reference, now))
}

/** Claims as planned; when somebody was faster or changed a timesheet, plans anew. Answers the plan where it is held. */
async function claim(ports: Ports, run: Run, planned: InvoicePlan, tries = 3): Promise<InvoiceWork | InvoicePlan> {
  if (isHeld(planned)) return planned
  const invoice = await ports.store.claim(claimOf(ports, run, planned))
  if (invoice) return invoice
  if (tries === 1) throw new AppError('notReady', 'The timesheets change all the time', { code: 'timesheets-changing' })
  const [again] = await plan(ports, run, [planned.costCenterId])
  return again ? claim(ports, run, again, tries - 1) : planned
}

function claimOf({ newId, times }: Ports, { message, setting }: Run, plan: InvoicePlan): InvoiceClaim {
  const { client, costCenterId, reference, status, currency, issuedOn, dueOn, note, net, tax, total } = plan
  if (!client?.contactId) throw new AppError('bug', 'An invoice without a contact was not held')
  return {
    id: newId(),
    commandId: message.id,
    costCenterId,
    clientId: client.id,
    contactId: client.contactId,
    reference,
    status,
    currency,
    issuedOn,
    dueOn,
    note,
    lines: [...plan.lines],
    net,
    tax,
    total,
    timesheets: [...plan.timesheets],
    prefix: setting.numberPrefix,
    start: setting.numberStart,
    width: setting.numberWidth,
    leaseMs: times.leaseMs,
  }
}

const push = (clientIds: string[]): NewMessage => ({
  name: 'contacts.push',
  key: derivedId(...clientIds),
  body: { clientIds },
})
