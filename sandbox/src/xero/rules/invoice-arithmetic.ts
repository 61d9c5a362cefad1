import { Big } from 'big.js'
import type { LineAmountTypes } from '../store/types.js'
import { cents, halfUp, sum } from './money.js'

export interface LineFigures {
  readonly Quantity: Big | undefined
  readonly UnitAmount: Big | undefined
  readonly LineAmount: Big | undefined
  readonly DiscountRate: Big | undefined
  readonly DiscountAmount: Big | undefined
  /** Overrides the computed tax. */
  readonly TaxAmount: Big | undefined
  /** Percent. */
  readonly taxRate: Big
}

export interface LineMoney {
  readonly Quantity: Big
  readonly UnitAmount: Big
  readonly LineAmount: Big
  readonly TaxAmount: Big
  /** What the line would come to without its discount, less what it comes to. */
  readonly discount: Big
  /** The amount was given and isn't quantity times price. */
  readonly mismatch: { readonly given: Big; readonly expected: Big } | undefined
}

const one = new Big(1)
const hundred = new Big(100)

/**
 * One line as Xero computes it: quantity to 4 places, price to 2 (4 with `unitdp=4`), amount and tax half-up to cents.
 * @param unitDecimals 2 or 4
 */
export function lineMoney(line: LineFigures, types: LineAmountTypes, unitDecimals: 2 | 4): LineMoney {
  const Quantity = (line.Quantity ?? inferredQuantity(line)).round(4, halfUp)
  const UnitAmount = (line.UnitAmount ?? inferredPrice(line, Quantity)).round(unitDecimals, halfUp)
  const gross = cents(Quantity.times(UnitAmount))
  const LineAmount = discounted(Quantity.times(UnitAmount), line)
  const given = line.LineAmount && line.Quantity && line.UnitAmount ? cents(line.LineAmount) : undefined
  return {
    Quantity,
    UnitAmount,
    LineAmount,
    TaxAmount: line.TaxAmount ? cents(line.TaxAmount) : lineTax(LineAmount, line.taxRate, types),
    discount: gross.minus(LineAmount),
    mismatch: given && !given.eq(LineAmount) ? { given, expected: LineAmount } : undefined,
  }
}

/** Tax of one line, per line and half-up to cents; inside the amount when that is inclusive. */
export function lineTax(amount: Big, ratePercent: Big, types: LineAmountTypes): Big {
  if (types === 'NoTax') return new Big(0)
  if (types === 'Exclusive') return cents(amount.times(ratePercent).div(hundred))
  return cents(amount.times(ratePercent).div(hundred.plus(ratePercent)))
}

/** Sums of lines; nothing is rounded again. */
export function totals(
  lines: readonly Pick<LineMoney, 'LineAmount' | 'TaxAmount' | 'discount'>[],
  types: LineAmountTypes,
) {
  const amounts = sum(lines.map((line) => line.LineAmount))
  const TotalTax = sum(lines.map((line) => line.TaxAmount))
  const SubTotal = types === 'Inclusive' ? amounts.minus(TotalTax) : amounts
  return { SubTotal, TotalTax, Total: SubTotal.plus(TotalTax), TotalDiscount: sum(lines.map((line) => line.discount)) }
}

function discounted(gross: Big, { DiscountRate, DiscountAmount }: LineFigures): Big {
  if (DiscountAmount) return cents(gross.minus(DiscountAmount))
  if (DiscountRate) return cents(gross.times(one.minus(DiscountRate.div(hundred))))
  return cents(gross)
}

function inferredQuantity({ LineAmount, UnitAmount }: LineFigures): Big {
  return LineAmount && UnitAmount && !UnitAmount.eq(0) ? LineAmount.div(UnitAmount) : one
}

function inferredPrice({ LineAmount }: LineFigures, quantity: Big): Big {
  return LineAmount && !quantity.eq(0) ? LineAmount.div(quantity) : new Big(0)
}
