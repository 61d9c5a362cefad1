import type { TimeScale } from '@afo/kit'
import type { Times } from './ports.js'

const minute = 60_000

/** Invoicing's durations. Xero keeps an Idempotency-Key for 6 minutes, so a repeat goes within 5 and a new key after 6 and a bit. */
export const timesOf = (scale: TimeScale): Times & { readonly referenceMs: number; readonly sweepMs: number } => ({
  leaseMs: scale.ms(2 * minute, 10_000),
  repeatMs: scale.ms(5 * minute),
  renewMs: scale.ms(6.25 * minute),
  personMs: scale.ms(60 * minute),
  /** How old what is kept of accounts, tax rates and lock dates may be. */
  referenceMs: scale.ms(15 * minute),
  sweepMs: scale.ms(minute / 2, 500),
})
