import { dateIn, issued, judge, taken } from '@afo/billing'
import type { InvoiceOutcome, InvoiceWork } from '@afo/contracts'
import { AppError } from '@afo/kit'
import { saysOutcome } from '../core/facts.js'
import type { Ports } from '../ports.js'

/**
 * Ends the doubt about an invoice as a person wants it: what Xero has under its number and isn't it to the letter is none of ours, and the hours are free.
 * @returns how it stands now: issued where Xero has it after all, else refused
 * @throws AppError `rejected` while its request may still arrive
 */
export async function giveUp(
  { store, ledger, say, times, zone, now }: Ports,
  { id, number }: InvoiceWork,
  cause: { readonly id: string; readonly correlationId: string },
  signal: AbortSignal,
): Promise<InvoiceWork | undefined> {
  const doubtful = await store.takeDoubtful(id, times.personMs, times.leaseMs)
  if (!doubtful)
    throw new AppError(
      'rejected',
      `${number} was sent within the hour and may still arrive. It is looked up by itself.`,
      {
        code: 'AFO-416',
      },
    )
  const found = judge(doubtful, await ledger.find([number], signal))
  const outcome: InvoiceOutcome =
    found.is === 'ours'
      ? issued(doubtful, found.document, dateIn(now(), zone))
      : found.is === 'absent'
        ? {
            to: 'refused',
            id,
            fence: doubtful.fence,
            code: 'AFO-416',
            message: `${number} is not in Xero`,
            spent: null,
            givenUpBy: cause.id,
          }
        : taken(doubtful, found.document, true, 0)
  if ((await store.settle([outcome])).length > 0) await say(saysOutcome(doubtful, outcome), cause)
  return (await store.read([id]))[0]
}
