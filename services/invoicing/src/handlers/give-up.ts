import { dateIn, issued, judge, taken } from '@afo/billing'
import type { InvoiceOutcome, InvoiceWork } from '@afo/contracts'
import { AppError } from '@afo/kit'
import { saysOutcome } from '../core/facts.js'
import type { Ports } from '../ports.js'

/**
 * Ends the doubt about an invoice as a person wants it: what Xero has under its number and isn't it to the letter is none of ours, and the hours are free.
 * One that was sent to another organisation is not looked for in this one: the person has looked there, and its number is not used again.
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
      { code: 'AFO-416' },
    )
  const given = (why: string, spent: string | null): InvoiceOutcome => {
    const message = `${number} ${why}`
    return { to: 'refused', id, fence: doubtful.fence, code: 'AFO-416', message, spent, givenUpBy: cause.id }
  }
  const decide = async (): Promise<InvoiceOutcome> => {
    if (doubtful.sentElsewhere) return given('was sent to another organisation', 'sent to another organisation')
    const found = judge(doubtful, await ledger.find([number], signal))
    if (found.is === 'absent') return given('is not in Xero', null)
    if (found.is === 'ours') return issued(doubtful, found.document, dateIn(now(), zone))
    return taken(doubtful, found.document, true, 0)
  }
  const outcome = await decide()
  if ((await store.settle([outcome])).length > 0) await say(saysOutcome(doubtful, outcome), cause)
  return (await store.read([id]))[0]
}
