import type { Handler } from '@afo/bus'
import { AppError, failpoint, within } from '@afo/kit'
import { outcomeToError } from '@afo/xero'
import type { Ports } from '../ports.js'

/** invoices.note: writes where the invoice comes from into its history, once. Xero keeps every repeat, so after a lost answer the history is read first. */
export const writeNote =
  ({ store, ledger, times }: Pick<Ports, 'store' | 'ledger' | 'times'>): Handler<'invoices.note'> =>
  async (message, ctx) => {
    const { invoiceId } = message.body
    const note = await store.startNote(invoiceId, times.leaseMs)
    if (!note) return []
    if (note.busy)
      throw new AppError('notReady', 'Somebody else writes this note', {
        countsAsAttempt: false,
        retryAfterMs: times.leaseMs,
      })
    // Looking and writing end before the lease does: Xero has no key by which a second note would be refused.
    const signal = within(times.callMs, ctx.signal)
    if (note.tried && (await alreadyThere(note.xeroInvoiceId, note.text))) {
      await store.endNote(invoiceId, 'written')
      return []
    }
    failpoint('before-note')
    const outcome = await ledger.addNote(note.xeroInvoiceId, note.text, signal)
    failpoint('after-note')
    if (outcome.kind === 'ok') await store.endNote(invoiceId, 'written')
    else if (outcome.kind === 'rejected') await store.endNote(invoiceId, 'refused', outcome.problem.message)
    else {
      await store.endNote(invoiceId, outcome.kind === 'unknown' || note.tried ? 'unsure' : 'unsent')
      if (outcome.kind !== 'unknown') throw outcomeToError(outcome)
      // What is late may still come; looked for too soon, it would be written twice.
      throw new AppError('notReady', 'The answer to the note was lost', { retryAfterMs: times.renewMs })
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
