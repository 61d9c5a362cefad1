const locale = navigator.language

const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
const whole = new Intl.NumberFormat(locale)
const hours = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 })

/** Intl takes decimal text exactly; the library's types know numbers only. */
const exactly = (format: Intl.NumberFormat, decimal: string): string => format.format(decimal as unknown as number)

export const formatDay = (date: string | null): string => (date ? day.format(new Date(`${date}T00:00:00Z`)) : '–')
export const formatMoment = (instant: string | null): string => (instant ? moment.format(new Date(instant)) : '–')
/** What the back end says in words, its instants (ISO 8601, UTC) as the reader's own. */
export const withMoments = (words: string): string =>
  words.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+(?:Z|[+-]\d\d:\d\d)/g, formatMoment)
export const formatCount = (count: number): string => whole.format(count)
export const formatHours = (decimal: string | null): string => (decimal ? exactly(hours, decimal) : '–')

/** Money as the reader writes it; without a currency, the bare amount. */
export function formatMoney(decimal: string | null, currency: string | null = null): string {
  if (decimal === null) return '–'
  const style = currency ? ({ style: 'currency', currency } as const) : ({ minimumFractionDigits: 2 } as const)
  return exactly(new Intl.NumberFormat(locale, { maximumFractionDigits: 4, ...style }), decimal)
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** "3 minutes ago", "in 2 hours". */
export function formatFromNow(instant: string | null, now: number): string {
  if (!instant) return '–'
  const ms = new Date(instant).getTime() - now
  for (const [unit, size] of units) if (Math.abs(ms) >= size) return relative.format(Math.round(ms / size), unit)
  return relative.format(0, 'minute')
}

const lasting = (unit: string, places: number) =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: places })
const durations = [
  [3_600_000, lasting('hour', 1)],
  [60_000, lasting('minute', 0)],
  [10_000, lasting('second', 0)],
  [0, lasting('second', 1)],
] as const

/** "0.4 sec", "12 sec", "3 min": the time from one instant to another. */
export function formatDuration(from: string, to: string | null): string {
  if (!to) return '–'
  const ms = new Date(to).getTime() - new Date(from).getTime()
  const [size, format] = durations.find(([size]) => ms >= size) ?? durations[3]
  return format.format(ms / (size >= 60_000 ? size : 1_000))
}

/** The exact sum of decimal texts of at most 4 places. */
export function sum(decimals: readonly string[]): string {
  const total = decimals.reduce((so, decimal) => {
    const [, minus, units = '0', places = ''] = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(decimal) ?? []
    const scaled = BigInt(units + places.padEnd(4, '0'))
    return minus ? so - scaled : so + scaled
  }, 0n)
  const digits = (total < 0n ? -total : total).toString().padStart(5, '0')
  return `${total < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}
