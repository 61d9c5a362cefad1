import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plan, rate, reference, sheet, source } from '../test/samples.js'

describe('money', () => {
  /** n / 10^4 rounded half-up to whole cents, in exact integers. */
  const toCents = (n: bigint, scale: bigint) => (2n * n * 100n + scale) / (2n * scale)
  const tenThousandth = fc.integer({ min: 1, max: 99_999_999 }).map(BigInt)
  const text = (n: bigint) => `${n / 10_000n}.${String(n % 10_000n).padStart(4, '0')}`
  const cents = (n: bigint) => `${n / 100n}.${String(n % 100n).padStart(2, '0')}`

  test('lines, tax and totals are what exact rational arithmetic says, for any hours, rates and tax', () => {
    const one = fc.record({
      hours: fc.integer({ min: 1, max: 240_000 }).map(BigInt),
      rate: tenThousandth,
      worker: fc.constantFrom('A', 'B'),
    })
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 0, max: 300_000 }).map(BigInt),
        fc.constantFrom('activity', 'worker', 'day', 'timesheet'),
        (work, taxRate, groupBy) => {
          const sheets = work.map((w) => sheet({ hours: text(w.hours), rate: text(w.rate), worker: w.worker }))
          const got = plan(
            source({ timesheets: sheets }),
            {},
            { groupBy },
            { ...reference(), taxRates: [rate({ effectiveRate: text(taxRate) })] },
          )
          let net = 0n
          let tax = 0n
          for (const line of got.lines) {
            const of = work.filter((_, n) => line.timesheetIds.includes(sheets[n]?.id ?? ''))
            const hours = of.reduce((sum, w) => sum + w.hours, 0n)
            const lineNet = toCents(hours * (of[0]?.rate ?? 0n), 100_000_000n)
            const lineTax = toCents(lineNet * taxRate, 100n * 100n * 10_000n)
            expect([line.quantity, line.net, line.tax]).toEqual([text(hours), cents(lineNet), cents(lineTax)])
            net += lineNet
            tax += lineTax
          }
          expect([got.net, got.tax, got.total]).toEqual([cents(net), cents(tax), cents(net + tax)])
          const billed = got.lines.flatMap((l) => l.timesheetIds)
          expect([...billed].sort()).toEqual(sheets.map((s) => s.id).sort())
        },
      ),
      { numRuns: 500 },
    )
  })

  test.each([
    ['1.0000', '0.0050', '0.01'],
    ['1.0000', '0.0049', '0.00'],
    ['0.3333', '148.3333', '49.44'],
    ['2.5833', '95.5000', '246.71'],
  ])('%s hours at %s are %s', (hours, rate, net) => {
    expect(plan(source({ timesheets: [sheet({ hours, rate })] })).net).toBe(net)
  })
})
