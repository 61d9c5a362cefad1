/** A calendar date from a request ("2026-11-23", with a time or not, or "/Date(ms)/"); null when it is none. */
export function dateOf(value: unknown): string | undefined | null {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') return null
  const ms = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(value)
  if (ms) return new Date(Number(ms[1])).toISOString().slice(0, 10)
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(value)?.[1]
  return iso !== undefined && isRealDate(iso) ? iso : null
}

const isRealDate = (iso: string) => {
  const date = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso)
}

// Xero's names of the time zones that the sandbox's organisations may have.
const zones: Readonly<Record<string, string>> = {
  NEWZEALANDSTANDARDTIME: 'Pacific/Auckland',
  AUSEASTERNSTANDARDTIME: 'Australia/Sydney',
  EAUSTRALIASTANDARDTIME: 'Australia/Brisbane',
  CENAUSTRALIASTANDARDTIME: 'Australia/Adelaide',
  WAUSTRALIASTANDARDTIME: 'Australia/Perth',
  GMTSTANDARDTIME: 'Europe/London',
  UTC: 'UTC',
}

/** Today's date in an organisation's time zone. */
export function today(timezone: string, now: number): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zones[timezone] ?? 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return format.format(new Date(now))
}

/** A date as Xero's messages write it, "31/12/2026" to a New Zealander. */
export const spokenDate = (iso: string): string => iso.split('-').reverse().join('/')
