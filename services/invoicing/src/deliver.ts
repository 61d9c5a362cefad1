import { dateIn, documentOf, issued, judge, lookElsewhere, refused, taken, unsure } from '@afo/billing'
import type { InvoiceOutcome, InvoiceWork } from '@afo/contracts'
import { failpoint, within } from '@afo/kit'
import { type ElementResult, type InvoiceWrite, type Outcome, outcomeToError, type XeroInvoice } from '@afo/xero'
import { byBatch, type Placed, placesOf } from './core/batches.js'
import { saysOutcome } from './core/facts.js'
import { nextLook } from './core/next-look.js'
import type { Ports } from './ports.js'
import { seekRenumbered } from './renumbered.js'

/** Says nothing of what was sent: nobody may send it. */
const FORBIDDEN = 403

/** What Xero takes at once. */
export const perBatch = 50

type Answer = Outcome<readonly ElementResult<XeroInvoice>[]>

/** What the delivery of some invoices goes back to. */
export interface DeliveryContext {
  readonly cause: { readonly id: string; readonly correlationId: string }
  readonly timeZone: string
  readonly signal: AbortSignal
}

/**
 * Brings invoices that one holds (by their fences) into Xero, each once. What is claimed is sent; what may have been sent is looked up by its number
 * first. What stays in doubt keeps its claim and a time to look again. Every step is committed before the next one begins. While invoicing is switched off,
 * what may be there is looked up all the same, and nothing is sent.
 * @throws AppError when Xero can't be asked now; nothing was sent by then that isn't written down
 */
export function createDelivery(ports: Ports) {
  const { store, ledger, settings, times, say, newId, pageUrl } = ports

  return async function deliver(invoices: readonly InvoiceWork[], context: DeliveryContext): Promise<void> {
    const { cause, signal, timeZone } = context
    const today = dateIn(ports.now(), timeZone)
    const on = (await settings.read('sync')).invoices

    /** Begun before the lease: a process that stood still in between finds its time over, and sends nothing that others have taken by then. */
    const withinLease = () => within(times.callMs, signal)

    const settle = async (invoices: readonly InvoiceWork[], outcomes: readonly InvoiceOutcome[]) => {
      failpoint('before-complete')
      const changed = new Set(await store.settle(outcomes))
      const says = outcomes.flatMap((outcome) => {
        const invoice = changed.has(outcome.id) ? invoices.find(({ id }) => id === outcome.id) : undefined
        return invoice ? saysOutcome(invoice, outcome) : []
      })
      failpoint('after-complete')
      if (says.length > 0) await say(says, cause)
    }

    /** Asks Xero for the numbers; adopts what is ours. Answers what Xero surely doesn't have. */
    const lookUp = async (doubtful: readonly InvoiceWork[], refusedOnce: (invoice: InvoiceWork) => boolean) => {
      if (doubtful.length === 0) return []
      const documents = await ledger.find(
        doubtful.map((invoice) => invoice.number),
        signal,
      )
      const absent: InvoiceWork[] = []
      const outcomes: InvoiceOutcome[] = []
      for (const invoice of doubtful) {
        const verdict = judge(invoice, documents)
        if (verdict.is === 'ours') outcomes.push(issued(invoice, verdict.document, today))
        else if (verdict.is === 'absent') absent.push(invoice)
        else {
          const isForeign = verdict.is === 'foreign' && refusedOnce(invoice)
          outcomes.push(taken(invoice, verdict.document, isForeign, times.personMs))
        }
      }
      await settle(doubtful, outcomes)
      return absent
    }

    /** Writes down what an answer to a batch says. Answers those whose fate it leaves open. */
    const conclude = async (placed: Placed, answer: Answer, repeated: boolean): Promise<readonly InvoiceWork[]> => {
      const sent = placed.map(({ invoice }) => invoice)
      if (answer.kind === 'unknown') return sent
      if (answer.kind === 'rejected') {
        if (repeated) return sent
        await refuse(sent, new Map(sent.map(({ id }) => [id, [answer.problem.message]])), repeated)
        return []
      }
      if (answer.kind !== 'ok') {
        const waitMs = Math.min('retryAfterMs' in answer ? answer.retryAfterMs : 0, times.personMs)
        await settle(
          sent,
          sent.map(({ id, fence }) => ({ to: 'claimed', id, fence, waitMs })),
        )
        throw outcomeToError(answer)
      }
      const outcomes: InvoiceOutcome[] = []
      const reasons = new Map<string, readonly string[]>()
      const open: InvoiceWork[] = []
      for (const { invoice, place } of placed) {
        const result = answer.value[place]
        if (result?.ok && result.value.invoiceNumber?.toLowerCase() === invoice.number.toLowerCase())
          outcomes.push(issued(invoice, result.value, today))
        else if (result && !result.ok) reasons.set(invoice.id, result.messages)
        else open.push(invoice)
      }
      await settle(sent, outcomes)
      await refuse(
        sent.filter(({ id }) => reasons.has(id)),
        reasons,
        repeated,
      )
      return open
    }

    /**
     * Refused: for good, unless Xero has it already (the same request, an hour ago) or the number belongs to another. Where an earlier request under
     * another key was never answered, a refusal says nothing about that one: while it may still arrive the hours stay claimed, and it is looked at again.
     */
    const refuse = async (
      invoices: readonly InvoiceWork[],
      reasons: ReadonlyMap<string, readonly string[]>,
      repeated: boolean,
    ) => {
      const absent = await lookUp(invoices, (invoice) => invoice.sends === 0)
      await settle(
        absent,
        absent.map((invoice) => {
          const words = reasons.get(invoice.id) ?? []
          // Of several sends some may have gone under another key.
          const sole = repeated && invoice.sends === 1
          const doubtful = !sole && invoice.sends > 0 && (invoice.sentAgeMs ?? 0) < times.personMs
          return doubtful ? unsure(invoice, words.join(' '), times.personMs) : refused(invoice, words)
        }),
      )
    }

    const send = async (invoices: readonly InvoiceWork[]): Promise<readonly InvoiceWork[]> => {
      const batchId = newId()
      const key = `invoices-${batchId}`
      const bodies = new Map(invoices.map((invoice) => [invoice.id, JSON.stringify(documentOf(invoice, pageUrl))]))
      const inTime = withinLease()
      const accepted = await store.sending({
        batchId,
        key,
        leaseMs: times.leaseMs,
        invoices: invoices.map(({ id, fence }) => ({ id, fence, body: bodies.get(id) ?? '' })),
      })
      const placed = placesOf(accepted, invoices)
      if (placed.length === 0) return []
      failpoint('after-sending')
      const answer = await ledger.create(documents(accepted.map((id) => bodies.get(id) ?? '')), key, inTime)
      failpoint('after-answer')
      if (answer.kind === 'rejected' && answer.status !== FORBIDDEN && placed.length > 1)
        return halve(placed.map(({ invoice }) => invoice))
      const open = await conclude(placed, answer, false)
      return open.map((invoice) => ({
        ...invoice,
        batchId,
        idempotencyKey: key,
        sentAgeMs: 0,
        sends: invoice.sends + 1,
      }))
    }

    /** A whole batch was refused, so nothing of it was made: one element spoils it, and is found by halving. */
    const halve = async (invoices: readonly InvoiceWork[]): Promise<readonly InvoiceWork[]> => {
      await settle(
        invoices,
        invoices.map(({ id, fence }) => ({ to: 'claimed', id, fence, waitMs: times.leaseMs })),
      )
      const open = []
      const middle = Math.ceil(invoices.length / 2)
      for (const half of [invoices.slice(0, middle), invoices.slice(middle)]) open.push(...(await send(half)))
      return open
    }

    /** What Xero doesn't have, of a batch sent a moment ago: the whole batch again, under its key, which makes Xero answer the same. */
    const repeat = async (batchId: string, key: string, absent: readonly InvoiceWork[]) => {
      const batch = await store.batch(batchId)
      if (!batch) return absent
      const inTime = withinLease()
      const changed = await store.settle(
        absent.map(({ id, fence }) => ({ to: 'resent', id, fence, waitMs: times.leaseMs, withinMs: times.repeatMs })),
      )
      const ids = batch.map(({ id }) => id)
      const placed = placesOf(
        ids,
        absent.filter(({ id }) => changed.includes(id)),
      )
      if (placed.length === 0) return []
      const answer = await ledger.create(documents(batch.map(({ body }) => body)), key, inTime)
      return conclude(placed, answer, true)
    }

    const reconcile = async (doubtful: readonly InvoiceWork[]): Promise<readonly InvoiceWork[]> => {
      const elsewhere = doubtful.filter((invoice) => invoice.sentElsewhere)
      await settle(
        elsewhere,
        elsewhere.map((invoice) => unsure(invoice, lookElsewhere, times.personMs)),
      )
      const here = doubtful.filter((invoice) => !invoice.sentElsewhere)
      const absent = await lookUp(here, () => false)
      const anew = absent.filter((invoice) => (invoice.sentAgeMs ?? Number.POSITIVE_INFINITY) >= times.renewMs)
      const recent = absent.filter((invoice) => !anew.includes(invoice))
      const open: InvoiceWork[] = []
      for (const [batchId, invoices] of byBatch(recent)) {
        const { idempotencyKey: key, sentAgeMs } = invoices[0]
        const may = on && key !== null && (sentAgeMs ?? 0) < times.repeatMs
        open.push(...(may ? await repeat(batchId, key, invoices) : invoices))
      }
      await settle(
        open,
        open.map((invoice) => unsure(invoice, 'The answer was lost', nextLook(invoice, times))),
      )
      const { outcomes, missing } = await seekRenumbered(ports, anew, signal)
      await settle(anew, outcomes)
      return missing
    }

    /** What was never sent is let go of: whoever finds it when invoicing is on again sends it. */
    const hold = (invoice: InvoiceWork): InvoiceOutcome => {
      const { id, fence, state } = invoice
      if (state === 'claimed') return { to: 'claimed', id, fence, waitMs: 0 }
      return unsure(invoice, 'Xero does not have it, and invoicing is switched off: not sent again', times.personMs)
    }

    const doubtful = invoices.filter((invoice) => invoice.state !== 'claimed')
    const anew = await reconcile(doubtful)
    const ready = [...invoices.filter((invoice) => invoice.state === 'claimed'), ...anew]
    if (!on) return settle(ready, ready.map(hold))
    for (let at = 0; at < ready.length; at += perBatch) {
      const open = await send(ready.slice(at, at + perBatch))
      if (open.length === 0) continue
      await settle(
        open,
        open.map((invoice) => unsure(invoice, 'The answer was lost', times.leaseMs)),
      )
      await reconcile(open)
    }
  }
}

// Bodies are our own text, kept to be sent again to the byte: not parsed into anything else on the way.
const documents = (bodies: readonly string[]): InvoiceWrite[] => bodies.map((body) => JSON.parse(body) as InvoiceWrite)
