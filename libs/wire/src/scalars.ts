import { z } from 'zod'

/**
 * A JSON number as decimal text, exactly as Xero wrote it: a double's shortest text is what was read as long as there are at most 15 digits,
 * which Xero's amounts (2 places) and unit prices (4) keep to.
 */
export function decimalOf(value: number): string {
  const [mantissa = '0', exponent] = String(value).split('e')
  if (exponent === undefined) return mantissa === '-0' ? '0' : mantissa
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const point = whole.length + Number(exponent)
  const digits = `${whole}${fraction}`
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}${digits.length > point ? `.${digits.slice(point)}` : ''}`
}

/** Xero's three spellings of a time: `/Date(ms+0000)/`, ISO text (UTC where no zone is given), and the SDK's Date objects. */
function instantOf(value: string | Date): Date {
  if (value instanceof Date) return value
  const ms = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(value)?.[1]
  if (ms !== undefined) return new Date(Number(ms))
  return new Date(/[zZ]$|[+-]\d{2}:?\d{2}$/.test(value) || !value.includes('T') ? value : `${value}Z`)
}

const time = z.union([z.string(), z.date()]).transform((value, ctx) => {
  const instant = instantOf(value)
  if (!Number.isNaN(instant.getTime())) return instant.toISOString()
  ctx.addIssue({ code: 'custom', message: 'is not a time' })
  return z.NEVER
})

/** An instant as ISO text, or null. */
export const instant = time.nullish().transform((value) => value ?? null)

/** A calendar date "2026-09-14", or null. Xero's document dates are midnight UTC, so the UTC parts are the date wherever this runs. */
export const calendarDate = time.nullish().transform((value) => value?.slice(0, 10) ?? null)

/** A number as decimal text. */
export const decimalText = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform((value) => (typeof value === 'number' ? decimalOf(value) : value))

/** Decimal text, or null where Xero left it out. */
export const decimal = decimalText.nullish().transform((value) => value ?? null)

/** Decimal text; zero where Xero left it out. */
export const amount = decimalText.nullish().transform((value) => value ?? '0')

/** Text, or null where it is absent or empty: Xero answers "" for what was never filled in. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value || null)

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)

/** A list that Xero may leave out or answer as null. */
export const listOf = <S extends z.ZodType>(element: S) =>
  z
    .array(element)
    .nullish()
    .transform((value) => value ?? [])
