import { Big } from 'big.js'

/** Half-up to the cent, as Xero rounds. */
export const toCents = (amount: Big): Big => amount.round(2, Big.roundHalfUp)

/** Net of a line: quantity x unit price, both with at most 4 places (`unitdp=4`). */
export const lineNet = (quantity: Big, unitPrice: Big): Big => toCents(quantity.times(unitPrice))

/** Tax of a line: each line is rounded by itself, then lines are summed (Xero, "Rounding in Xero"). `rate` is in percent. */
export const lineTax = (net: Big, rate: string): Big => toCents(net.times(rate).div(100))

export const sum = (amounts: readonly Big[]): Big => amounts.reduce((total, amount) => total.plus(amount), new Big(0))

/** Two decimal texts that mean the same amount: "12.5" and "12.50". */
export const sameAmount = (a: string, b: string): boolean => new Big(a).eq(b)

export const moneyText = (amount: Big): string => amount.toFixed(2)
export const quantityText = (amount: Big): string => amount.toFixed(4)

/** The sum of amounts given as decimal text, as money. */
export const totalOf = (amounts: readonly string[]): string => moneyText(sum(amounts.map((amount) => new Big(amount))))
