import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactNumber } from './bodies.js'
import { amount, calendarDate, decimalOf, instant } from './scalars.js'

/** Decimal text as Xero's amounts are: up to 11 digits before the point and 4 after it, canonical. */
const money = fc
  .tuple(fc.integer({ min: 0, max: 99_999_999_999 }), fc.integer({ min: 0, max: 9999 }), fc.boolean())
  .map(([whole, fraction, negative]) => {
    const digits = String(fraction).padStart(4, '0').replace(/0+$/, '')
    const plain = digits === '' ? String(whole) : `${whole}.${digits}`
    return negative && plain !== '0' ? `-${plain}` : plain
  })

describe('decimalOf', () => {
  it('gives back every amount that went through JSON', () => {
    fc.assert(fc.property(money, (text) => decimalOf(JSON.parse(text)) === text))
  })

  it.each([
    [1e21, '1000000000000000000000'],
    [1.5e21, '1500000000000000000000'],
    [-2.5e-7, '-0.00000025'],
    [1e-7, '0.0000001'],
    [-0, '0'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('writes %d without an exponent', (number, text) => {
    expect(decimalOf(number)).toBe(text)
  })
})

describe('exactNumber', () => {
  it('carries every amount there and back', () => {
    fc.assert(fc.property(money, (text) => decimalOf(exactNumber(text)) === text))
  })

  it.each([
    ['10.50', 10.5],
    ['007.2500', 7.25],
    ['-0.00', 0],
    ['0', 0],
  ])('reads %s', (text, number) => {
    expect(exactNumber(text)).toBe(number)
  })

  it.each(['12345678901234.1234', '', 'abc', '1e3', '0.1.2', ' 1'])(
    'refuses %j, which JSON can not carry exactly',
    (text) => {
      expect(() => exactNumber(text)).toThrow(/exactly/)
    },
  )
})

describe('dates', () => {
  it.each([
    ['/Date(1789344000000+0000)/', '2026-09-14'],
    ['/Date(1789344000000)/', '2026-09-14'],
    ['/Date(0+0000)/', '1970-01-01'],
    ['/Date(-86400000+0000)/', '1969-12-31'],
    ['2026-09-14T00:00:00', '2026-09-14'],
    ['2026-09-14', '2026-09-14'],
    [new Date('2026-09-14T00:00:00Z'), '2026-09-14'],
  ])('%s is the day %s, wherever this runs', (given, day) => {
    expect(calendarDate.parse(given)).toBe(day)
  })

  it.each([
    ['/Date(1552331430618)/', '2019-03-11T19:10:30.618Z'],
    ['2026-09-14T10:20:30', '2026-09-14T10:20:30.000Z'],
    ['2026-09-14T10:20:30+12:00', '2026-09-13T22:20:30.000Z'],
  ])('%s is the instant %s', (given, iso) => {
    expect(instant.parse(given)).toBe(iso)
  })

  it('is null where Xero left it out and refused where it is no date', () => {
    expect(calendarDate.parse(undefined)).toBeNull()
    expect(calendarDate.parse(null)).toBeNull()
    expect(calendarDate.safeParse('/Date(abc)/').success).toBe(false)
    expect(calendarDate.safeParse('tomorrow').success).toBe(false)
  })

  it('keeps the day of any document date', () => {
    const days = fc.integer({ min: -20_000, max: 40_000 })
    fc.assert(
      fc.property(
        days,
        (n) =>
          calendarDate.parse(`/Date(${n * 86_400_000}+0000)/`) === new Date(n * 86_400_000).toISOString().slice(0, 10),
      ),
    )
  })
})

it('refuses money that is not a number', () => {
  for (const wrong of ['12,50', 'NaN', true, {}]) expect(amount.safeParse(wrong).success, String(wrong)).toBe(false)
})
