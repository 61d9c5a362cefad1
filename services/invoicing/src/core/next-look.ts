import type { InvoiceWork } from '@afo/contracts'
import type { timesOf } from '../ports.js'

/** Milliseconds until an invoice in doubt is looked up again: a few times while its key lives, then not before the key is dead. */
export function nextLook(
  { sentAgeMs, sends }: Pick<InvoiceWork, 'sentAgeMs' | 'sends'>,
  { repeatMs, renewMs }: Pick<ReturnType<typeof timesOf>, 'repeatMs' | 'renewMs'>,
): number {
  const age = sentAgeMs ?? 0
  const soon = Math.round((repeatMs / 15) * 2 ** Math.min(sends, 3))
  return age + soon < repeatMs ? soon : Math.max(renewMs - age, soon)
}
