import { Big } from 'big.js'
import { fold } from '../store/fold.js'

/** What a field of a row may be to a `where`; instants and dates are Dates, money is a Big. */
export type Value = string | number | boolean | null | Date | Big
/** Readers of a resource's fields, by lower-case path ("contact.contactid"). */
export type Fields<T> = Readonly<Record<string, (row: T) => Value | undefined>>
type Predicate<T> = (row: T) => boolean

/** A `where` that Xero couldn't read either. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
}

const token =
  /\s*(?:("(?:[^"\\]|\\.)*")|(==|!=|<>|>=|<=|=|>|<|&&|\|\||!|\(|\)|,|\.(?=\w+\()|\.)|([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|(-?\d+(?:\.\d+)?))/y

interface Token {
  readonly kind: 'text' | 'sign' | 'name' | 'number'
  readonly value: string
}

function tokens(source: string): Token[] {
  const found: Token[] = []
  token.lastIndex = 0
  while (token.lastIndex < source.trimEnd().length) {
    const at = token.lastIndex
    const match = token.exec(source)
    if (!match) throw new QueryError(`Unexpected character (at index ${at})`)
    const [, text, sign, name, digits] = match
    if (text !== undefined) found.push({ kind: 'text', value: text.slice(1, -1).replace(/\\(.)/g, '$1') })
    else if (sign !== undefined) found.push({ kind: 'sign', value: sign })
    else if (name !== undefined) found.push({ kind: 'name', value: name })
    else found.push({ kind: 'number', value: digits ?? '0' })
  }
  return found
}

/**
 * Xero's `where`: comparisons, AND / OR, brackets, DateTime(y,m,d), Guid("…"), .Contains, .StartsWith, .EndsWith, .ToLower().
 * Text is compared without case and accents, as Xero's optimised filters do.
 * @throws QueryError
 */
export function parseWhere<T>(source: string, fields: Fields<T>): Predicate<T> {
  const list = tokens(source)
  let at = 0
  const peek = () => list[at]
  const is = (...signs: string[]) => peek()?.kind === 'sign' && signs.includes(peek()?.value ?? '')
  const word = (name: string) => peek()?.kind === 'name' && peek()?.value.toLowerCase() === name
  const next = () => {
    const found = list[at++]
    if (!found) throw new QueryError('Expression expected (at the end)')
    return found
  }
  const expect = (sign: string) => {
    if (next().value !== sign) throw new QueryError(`'${sign}' expected`)
  }

  const either = (): Predicate<T> => {
    let left = both()
    while (is('||') || word('or')) {
      at++
      const [a, b] = [left, both()]
      left = (row) => a(row) || b(row)
    }
    return left
  }
  const both = (): Predicate<T> => {
    let left = term()
    while (is('&&') || word('and')) {
      at++
      const [a, b] = [left, term()]
      left = (row) => a(row) && b(row)
    }
    return left
  }
  const term = (): Predicate<T> => {
    if (is('!') || word('not')) {
      at++
      const inner = term()
      return (row) => !inner(row)
    }
    if (is('(')) {
      at++
      const inner = either()
      expect(')')
      return inner
    }
    return comparison()
  }
  const comparison = (): Predicate<T> => {
    const { read, predicate } = field()
    if (predicate) return predicate
    if (!is('==', '=', '!=', '<>', '>=', '<=', '>', '<')) return (row) => read(row) === true
    const sign = next().value
    const wanted = literal()
    return (row) => compares(sign, read(row) ?? null, wanted)
  }
  const field = () => {
    const name = next()
    if (name.kind !== 'name') throw new QueryError('A field is expected')
    const parts = name.value.split('.')
    const methods: string[] = []
    while (
      parts.length > 1 &&
      /^(contains|startswith|endswith|tolower|toupper|hasvalue|value|tostring)$/i.test(parts.at(-1) ?? '')
    )
      methods.unshift(parts.pop() ?? '')
    const read = fields[parts.join('.').toLowerCase()]
    if (!read) throw new QueryError(`No property or field '${parts.join('.')}' exists in the type (at index 0)`)
    let predicate: Predicate<T> | undefined
    for (;;) {
      for (const method of methods.splice(0)) predicate = apply(method.toLowerCase(), read) ?? predicate
      if (!is('.')) break
      at++
      methods.push(next().value)
    }
    return { read, predicate }
  }
  const apply = (method: string, read: (row: T) => Value | undefined): Predicate<T> | undefined => {
    if (method === 'value') return undefined
    if (method === 'hasvalue') return (row) => (read(row) ?? null) !== null
    expect('(')
    const argument = is(')') ? '' : fold(String(literal()))
    expect(')')
    const text = (row: T) => fold(String(read(row) ?? ''))
    if (method === 'contains') return (row) => text(row).includes(argument)
    if (method === 'startswith') return (row) => text(row).startsWith(argument)
    if (method === 'endswith') return (row) => text(row).endsWith(argument)
    return undefined
  }
  const literal = (): Value => {
    const found = next()
    if (found.kind === 'text') return found.value
    if (found.kind === 'number') return new Big(found.value)
    const name = found.value.toLowerCase()
    if (name === 'null') return null
    if (name === 'true' || name === 'false') return name === 'true'
    if (name !== 'datetime' && name !== 'guid') throw new QueryError(`Unknown value '${found.value}'`)
    expect('(')
    const parts: string[] = []
    while (!is(')')) {
      if (is(',')) at++
      else parts.push(next().value)
    }
    at++
    if (name === 'guid') return parts[0] ?? ''
    const [year = 1, month = 1, date = 1, hour = 0, minute = 0, second = 0] = parts.map(Number)
    return new Date(Date.UTC(year, month - 1, date, hour, minute, second))
  }

  const whole = either()
  if (at < list.length) throw new QueryError(`Syntax error (at '${peek()?.value ?? ''}')`)
  return whole
}

function compares(sign: string, left: Value, right: Value): boolean {
  if (sign === '==' || sign === '=') return order(left, right) === 0
  if (sign === '!=' || sign === '<>') return order(left, right) !== 0
  const sorted = order(left, right)
  if (sorted === undefined) return false
  if (sign === '>') return sorted > 0
  if (sign === '<') return sorted < 0
  return sign === '>=' ? sorted >= 0 : sorted <= 0
}

function order(left: Value, right: Value): number | undefined {
  if (left === null || right === null) return left === right ? 0 : undefined
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime()
  if (left instanceof Date && typeof right === 'string') return left.getTime() - Date.parse(right)
  if (left instanceof Big || typeof left === 'number') {
    return right instanceof Big || typeof right === 'number' || typeof right === 'string'
      ? new Big(left).cmp(right)
      : undefined
  }
  if (typeof left === 'boolean') return left === right ? 0 : undefined
  const [a, b] = [fold(String(left)), fold(String(right))]
  return a < b ? -1 : a > b ? 1 : 0
}
