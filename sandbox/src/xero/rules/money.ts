import { Big } from 'big.js'

export const halfUp = Big.roundHalfUp

/** Cents, half away from zero, as Xero rounds. */
export const cents = (amount: Big): Big => amount.round(2, halfUp)

export const money = (amount: Big): string => amount.toFixed(2)

export const sum = (amounts: Iterable<Big>): Big => {
  let total = new Big(0)
  for (const amount of amounts) total = total.plus(amount)
  return total
}

/** A number or its text from a request; undefined when absent, null when it is neither. */
export function decimal(value: unknown): Big | undefined | null {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'number' && typeof value !== 'string') return null
  try {
    return new Big(value)
  } catch {
    return null
  }
}
