import type { Handler } from '@afo/bus'
import { AppError, failpoint, within } from '@afo/kit'
import { outcomeToError } from '@afo/xero'
import type { Ports } from '../ports.js'

/** invoices.note: writes where the invoice comes from into its history, once. Xero keeps every repeat, so after a lost answer the history is read first. */
export const writeNote =
  ({ store, ledger, times }: Pick<Ports, 'store' | 'ledger' | 'times'>): Handler<'invoices.note'> =>
  async (message, ctx) => {
    const { invoiceId } = message.body
    // Begun before the lease, so that looking and writing end before it does: Xero has no key by which a second note would be refused.
    const signal = within(times.callMs, ctx.signal)
    const note = await store.startNote(invoiceId, times.leaseMs)
    if (!note) return []
    if (note.busy)
      throw new AppError('notReady', 'Somebody else writes this note', {
        countsAsAttempt: false,
        retryAfterMs: times.leaseMs,
      })
    if (note.tried && (await alreadyThere(note.xeroInvoiceId, note.text))) {
      await store.endNote(invoiceId, 'written')
      return []
    }
    failpoint('before-note')
    const outcome = await ledger.addNote(note.xeroInvoiceId, note.text, signal)
    failpoint('after-note')
    if (outcome.kind === 'ok') await store.endNote(invoiceId, 'written')
    else if (outcome.kind === 'rejected')
      await store.endNote(invoiceId, 'refused', { message: outcome.problem.message })
    else if (outcome.kind === 'unknown') {
      // What is late may still come; looked for too soon, by whomever, it would be written twice.
      await store.endNote(invoiceId, 'unsure', { waitMs: times.renewMs })
      throw new AppError('notReady', 'The answer to the note was lost', { retryAfterMs: times.renewMs })
    } else {
      await store.endNote(invoiceId, note.tried ? 'unsure' : 'unsent')
      throw outcomeToError(outcome)
    }
    return []

    async function alreadyThere(xeroInvoiceId: string, text: string): Promise<boolean> {
      try {
        return (await ledger.notes(xeroInvoiceId, signal)).includes(text)
      } catch (thrown) {
        await store.endNote(invoiceId, 'unsure')
        throw thrown
      }
    }
  }
