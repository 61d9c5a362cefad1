import { Big } from 'big.js'
import { describe, expect, it } from 'vitest'
import { type Fields, parseWhere, QueryError } from './where.js'

interface Row {
  name: string | null
  amount: string
  date: string
  open: boolean
}
const fields: Fields<Row> = {
  name: (r) => r.name,
  amount: (r) => new Big(r.amount),
  date: (r) => new Date(`${r.date}T00:00:00Z`),
  open: (r) => r.open,
  'contact.name': (r) => r.name,
}
const row: Row = { name: 'Café "Ō" & Söhne', amount: '10.50', date: '2026-01-31', open: true }
const matches = (where: string) => parseWhere(where, fields)(row)

describe('parseWhere', () => {
  it.each([
    'Name=="cafe \\"o\\" & SOHNE"',
    'name = "Café \\"Ō\\" & Söhne"',
    'Name.Contains("söh")',
    'Name.ToLower().Contains("x") OR Contact.Name.StartsWith("CAF")',
    'Name != null && Name.EndsWith("ohne")',
    'Amount>=10.5 AND Amount<10.51',
    'Amount == "10.5"',
    'Date==DateTime(2026, 01, 31)',
    'Date>DateTime(2026,1,30) AND Date<=DateTime(2026,1,31,0,0,0)',
    'Open',
    'Open==true AND !(Amount<>10.5)',
    'Name=="no" OR (Amount>1 AND (Amount>100 OR Open=true))',
  ])('%s', (where) => {
    expect(matches(where)).toBe(true)
  })

  it.each([
    'Name=="x"',
    'Amount>10.50',
    'Name==null',
    'not Open',
    'Date<DateTime(2026,1,31)',
    'Name=="no" AND Open OR Amount>100',
  ])('not %s', (where) => {
    expect(matches(where)).toBe(false)
  })

  it.each(['Nope=="x"', 'Name==', 'Name=="x" AND', '(Name=="x"', 'Name==Bogus', '; drop', 'Name=="x" Name'])(
    'refuses %s',
    (where) => {
      expect(() => parseWhere(where, fields)).toThrow(QueryError)
    },
  )
})
