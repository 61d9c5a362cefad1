import { Big } from 'big.js'
import type { Pagination } from '../accounting/answers.js'
import { type Fields, parseWhere, QueryError, type Value } from './where.js'

/** A query string with Xero's case-insensitive names. */
export class Query {
  readonly #values: ReadonlyMap<string, string>

  constructor(search: URLSearchParams) {
    this.#values = new Map([...search].map(([name, value]) => [name.toLowerCase(), value]))
  }

  text(name: string): string | undefined {
    return this.#values.get(name.toLowerCase()) || undefined
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase()
    return value === undefined ? undefined : value === 'true' || value === '1'
  }

  /** A comma-separated list, lower case, for looking up. */
  list(name: string): ReadonlySet<string> | undefined {
    const value = this.text(name)
    return value === undefined
      ? undefined
      : new Set(
          value
            .split(',')
            .map((part) => part.trim().toLowerCase())
            .filter((part) => part !== ''),
        )
  }

  get unitDecimals(): 2 | 4 {
    return this.text('unitdp') === '4' ? 4 : 2
  }

  /** Xero's own default, whatever its OpenAPI document says. */
  get summarizeErrors(): boolean {
    return this.flag('summarizeErrors') ?? true
  }
}

/** Rows at or after the header's second; undefined where there is no (readable) header. */
export function modifiedSince(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined
  const ms = Date.parse(header)
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000) * 1000
}

/** Rows in the order asked for; `rows` come in Xero's default order. @throws QueryError */
export function ordered<T>(rows: readonly T[], order: string | undefined, fields: Fields<T>): readonly T[] {
  if (!order) return rows
  const keys = order.split(',').map((part) => {
    const [path = '', direction = 'ASC'] = part.trim().split(/\s+/)
    const read = fields[path.toLowerCase()]
    if (!read) throw new QueryError(`No property or field '${path}' exists in the type (at index 0)`)
    return { read, sign: direction.toUpperCase() === 'DESC' ? -1 : 1 }
  })
  return [...rows].sort((a, b) => {
    for (const { read, sign } of keys) {
      const sorted = rank(read(a) ?? null, read(b) ?? null)
      if (sorted !== 0) return sorted * sign
    }
    return 0
  })
}

function rank(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  if (a instanceof Big && b instanceof Big) return a.cmp(b)
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime()
  return String(a).localeCompare(String(b), 'en', { sensitivity: 'base' })
}

export function filtered<T>(rows: readonly T[], where: string | undefined, fields: Fields<T>): readonly T[] {
  return where ? rows.filter(parseWhere(where, fields)) : rows
}

/** One page, or everything when no page is asked for. Sizes are clamped to 1..1000, 100 if absent. */
export function paged<T>(
  rows: readonly T[],
  query: Query,
  forced = false,
): { readonly rows: readonly T[]; readonly pagination?: Pagination } {
  const asked = query.text('page')
  if (asked === undefined && !forced) return { rows }
  const page = Math.max(1, Math.trunc(Number(asked)) || 1)
  const pageSize = Math.min(1000, Math.max(1, Math.trunc(Number(query.text('pageSize') ?? 100)) || 100))
  const pageCount = Math.ceil(rows.length / pageSize)
  return {
    rows: rows.slice((page - 1) * pageSize, page * pageSize),
    pagination: { page, pageSize, pageCount, itemCount: rows.length },
  }
}
