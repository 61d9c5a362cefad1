import { type ClientFields, syncedFields } from '@afo/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { archivedInXero, clean, diagnose, objection } from './clean.js'

const blank = Object.fromEntries(syncedFields.map((f) => [f, null])) as unknown as ClientFields
const cleaned = (fields: Partial<ClientFields>) => clean({ ...blank, ...fields })
const anything = fc.record(
  Object.fromEntries(syncedFields.map((f) => [f, fc.option(fc.string({ unit: 'binary', maxLength: 40 }))])),
) as fc.Arbitrary<ClientFields>

describe('clean', () => {
  test.each([
    ['  Acme   Ltd ', 'Acme Ltd'],
    ['<b>Acme</b>', 'bAcme/b'],
    ['A\u0000B\tC\u0007', 'A B C'],
    ['Zoë 🚰 Plumbing', 'Zoë 🚰 Plumbing'],
    ['   ', null],
  ])('the name %j becomes %j', (name, expected) => {
    expect(cleaned({ name }).name).toBe(expected)
  })

  test('an address keeps its lines, the fifth and later on the fourth', () => {
    expect(cleaned({ street: ' 1 High St \r\n\r\nLevel 2' }).street).toBe('1 High St\nLevel 2')
    expect(cleaned({ mailing_street: 'a\nb\nc\nd\ne' }).mailing_street).toBe('a\nb\nc\nd, e')
  })

  test('is idempotent, whatever was typed', () => {
    fc.assert(
      fc.property(anything, (fields) => {
        expect(clean(clean(fields))).toEqual(clean(fields))
      }),
    )
  })

  test("leaves nothing that Xero's rules for a name refuse", () => {
    fc.assert(
      fc.property(anything, (fields) => {
        const { name } = clean(fields)
        if (name !== null) expect(name).not.toMatch(/[<>\p{Cc}]|^\s|\s$| {2}/u)
      }),
    )
  })
})

describe('objection', () => {
  test.each([
    [{ name: null }, 'AFO-201', 'name'],
    [{ name: 'x'.repeat(256) }, 'AFO-202', 'name'],
    [{ phone: '1'.repeat(51) }, 'AFO-206', 'phone'],
    [{ street: `ok\n${'x'.repeat(501)}` }, 'AFO-206', 'street'],
    [{ country: 'N2' }, 'AFO-206', 'country'],
  ])('%j is %s in %s', (fields, code, field) => {
    expect(objection(fields)).toMatchObject({ code, details: { field } })
  })

  test.each([{ name: 'x'.repeat(255) }, { email: 'x'.repeat(255) }, { country: 'Côte dIvoire' }, {}, { phone: null }])(
    '%j is none',
    (fields) => expect(objection(fields)).toBeNull(),
  )
})

describe('diagnose', () => {
  const free = { name: false, accountNumber: false }
  test.each([
    [{ name: 'A' }, { ...free, name: true }, 'AFO-203'],
    [{ name: 'A', account_number: '1' }, { ...free, accountNumber: true }, 'AFO-207'],
    [{ name: 'A', email: 'nobody' }, free, 'AFO-204'],
    [{ name: 'A', email: 'é@x.example' }, free, 'AFO-204'],
    [{ name: 'A', email: 'a@x.example' }, free, 'AFO-299'],
    [{ city: 'A' }, undefined, 'AFO-299'],
  ])('%j with %j is %s, in the words of Xero', (sent, taken, code) => {
    expect(diagnose(sent, taken, ['No.', 'Never.'])).toMatchObject({ code, message: 'No. Never.' })
  })

  test('the words decide nothing', () => {
    const words = ['The contact name A is already assigned to another contact.']
    expect(diagnose({ name: 'A' }, free, words).code).toBe('AFO-299')
  })
})

test('what stays here because the contact is archived in Xero is named', () => {
  expect(archivedInXero({ phone: '1', first_name: 'F' })).toMatchObject({
    code: 'AFO-205',
    message: expect.stringContaining('phone, first name'),
  })
})
