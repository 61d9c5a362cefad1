import { Big } from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LineFigures, lineMoney, totals } from './invoice-arithmetic.js'

const figures = (over: Partial<LineFigures>): LineFigures => ({
  Quantity: undefined,
  UnitAmount: undefined,
  LineAmount: undefined,
  DiscountRate: undefined,
  DiscountAmount: undefined,
  TaxAmount: undefined,
  taxRate: new Big(15),
  ...over,
})
const big = (text: string) => new Big(text)

describe('lineMoney', () => {
  it('rounds half away from zero at each step', () => {
    const line = lineMoney(figures({ Quantity: big('0.5'), UnitAmount: big('0.01') }), 'Exclusive', 4)
    expect(line.LineAmount.toFixed()).toBe('0.01')
    const negative = lineMoney(figures({ Quantity: big('-0.5'), UnitAmount: big('0.01') }), 'Exclusive', 4)
    expect(negative.LineAmount.toFixed()).toBe('-0.01')
  })

  it('infers what is missing from the line amount', () => {
    const price = lineMoney(figures({ Quantity: big('3'), LineAmount: big('10') }), 'Exclusive', 4)
    expect([price.UnitAmount.toFixed(), price.LineAmount.toFixed(), price.mismatch]).toEqual([
      '3.3333',
      '10',
      undefined,
    ])
    const quantity = lineMoney(figures({ UnitAmount: big('4'), LineAmount: big('10') }), 'Exclusive', 4)
    expect(quantity.Quantity.toFixed()).toBe('2.5')
  })

  it('notices a line amount that isn’t quantity times price', () => {
    const line = lineMoney(
      figures({ Quantity: big('2'), UnitAmount: big('3'), LineAmount: big('6.01') }),
      'Exclusive',
      4,
    )
    expect(line.mismatch?.expected.toFixed()).toBe('6')
  })

  it('agrees with exact whole-number arithmetic for any hours, price and tax rate', () => {
    const line = fc.record({
      hours: fc.integer({ min: 0, max: 10_000_0000 }),
      price: fc.integer({ min: 0, max: 1_000_0000 }),
      rate: fc.integer({ min: 0, max: 3000 }),
    })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
        const computed = lines.map(({ hours, price, rate }) =>
          lineMoney(
            figures({
              Quantity: new Big(hours).div(10_000),
              UnitAmount: new Big(price).div(10_000),
              taxRate: new Big(rate).div(100),
            }),
            'Exclusive',
            4,
          ),
        )
        const expected = lines.map(({ hours, price, rate }) => {
          const net = halfUp(BigInt(hours) * BigInt(price), 1_000_000n)
          return { net, tax: halfUp(net * BigInt(rate), 10_000n) }
        })
        expect(computed.map((c) => c.LineAmount.times(100).toFixed())).toEqual(expected.map((e) => String(e.net)))
        expect(computed.map((c) => c.TaxAmount.times(100).toFixed())).toEqual(expected.map((e) => String(e.tax)))
        const total = expected.reduce((sum, { net, tax }) => sum + net + tax, 0n)
        expect(totals(computed, 'Exclusive').Total.times(100).toFixed()).toBe(String(total))
      }),
    )
  })
})

/** Division of whole numbers, half up. */
const halfUp = (value: bigint, by: bigint): bigint => (2n * value + by) / (2n * by)

describe('totals', () => {
  it('of inclusive lines take the tax out, and add up to what was asked', () => {
    const lines = ['10', '0.01', '99.99'].map((amount) =>
      lineMoney(figures({ Quantity: big('1'), UnitAmount: big(amount) }), 'Inclusive', 4),
    )
    const { SubTotal, TotalTax, Total } = totals(lines, 'Inclusive')
    expect(Total.toFixed()).toBe('110')
    expect(SubTotal.plus(TotalTax).eq(Total)).toBe(true)
    expect(TotalTax.toFixed()).toBe('14.34')
  })
})
