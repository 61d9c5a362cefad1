/** One object of a request's list, as it came; nothing about it is known yet. */
export type Element = Readonly<Record<string, unknown>>

export const isElement = (value: unknown): value is Element =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined

/** Xero's id of what was refused before it had one. */
export const zeroId = '00000000-0000-0000-0000-000000000000'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isGuid = (value: string): boolean => guid.test(value)

/** An id as the store holds it: lower case. */
export const guidOf = (value: unknown): string | undefined =>
  typeof value === 'string' && isGuid(value) ? value.toLowerCase() : undefined
