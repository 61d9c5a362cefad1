import { Big } from 'big.js'
import type { HistoryRecord } from '../store/types.js'

/** An instant as Xero writes it. */
export const instant = (ms: number): string => `/Date(${ms}+0000)/`

/** A calendar date: midnight UTC of that day. */
export const day = (iso: string): string => instant(Date.parse(`${iso}T00:00:00Z`))

export const dayTwins = (field: string, iso: string | undefined) =>
  iso ? { [`${field}String`]: `${iso}T00:00:00`, [field]: day(iso) } : {}
const secondsIso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
export const updatedTwins = (ms: number) => ({ UpdatedDateUTC: instant(ms), UpdatedDateUTCString: secondsIso(ms) })

/** Exact up to 15 significant digits, which is more than Xero keeps. */
export const number = (decimal: string): number => Number(decimal)
export const rounded = (decimal: string, places: number): number => Number(new Big(decimal).toFixed(places))

export const historyElement = (record: HistoryRecord): object => ({
  Changes: record.Changes,
  DateUTCString: new Date(record.at).toISOString().slice(0, 19),
  DateUTC: instant(record.at),
  User: record.User,
  Details: record.Details,
})
