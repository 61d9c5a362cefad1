import { type ClientFields, type SeenContact, type SomeFields, syncedFields } from '@afo/contracts'
import type { XeroContact } from '@afo/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clean } from './clean.js'
import { seen, written } from './mapping.js'

const contact = (over: Partial<XeroContact> = {}): XeroContact => ({
  contactID: '00000000-0000-4000-8000-000000000001',
  name: 'Acme',
  firstName: null,
  lastName: null,
  emailAddress: null,
  contactNumber: null,
  accountNumber: null,
  taxNumber: null,
  contactStatus: 'ACTIVE',
  mergedToContactID: null,
  phones: [],
  addresses: [],
  isCustomer: false,
  isSupplier: false,
  paymentTerms: null,
  updatedDateUTC: null,
  ...over,
})

const phone = (phoneType: string, phoneNumber: string, phoneAreaCode = '', phoneCountryCode = '') => ({
  phoneType,
  phoneNumber,
  phoneAreaCode,
  phoneCountryCode,
})
const address = (addressType: string, over: Partial<XeroContact['addresses'][number]>) => ({
  addressType,
  addressLine1: null,
  addressLine2: null,
  addressLine3: null,
  addressLine4: null,
  city: null,
  region: null,
  postalCode: null,
  country: null,
  attentionTo: null,
  ...over,
})

/** What Xero holds after a write, as its rules say: texts given replace, lists given are the whole. */
function stored(before: XeroContact, write: ReturnType<typeof written>): XeroContact {
  const { phones = before.phones, addresses = before.addresses, contactStatus, ...texts } = write
  const given = Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, value === '' ? null : value]))
  return { ...before, ...given, contactStatus: contactStatus ?? before.contactStatus, phones, addresses } as XeroContact
}

test('slots become our fields; the parts of a phone are read as one', () => {
  const { fields } = seen(
    contact({
      phones: [phone('DEFAULT', '123 4567', '9', '64'), phone('MOBILE', '021'), phone('DDI', '77')],
      addresses: [
        address('STREET', { addressLine1: '1 High St', addressLine3: 'Level 2', city: 'Oban' }),
        address('POBOX', { addressLine1: 'PO Box 9', postalCode: '9818' }),
      ],
      contactStatus: 'GDPRREQUEST',
    }),
  )
  expect(fields).toMatchObject({
    phone: '64 9 123 4567',
    mobile: '021',
    street: '1 High St\nLevel 2',
    city: 'Oban',
    mailing_street: 'PO Box 9',
    mailing_postal_code: '9818',
    archived: 'archived',
  })
})

test('of what did not change nothing is written, but for the other slots of a list', () => {
  const before = seen(
    contact({
      phones: [phone('DEFAULT', '1', '9'), phone('DDI', '77', '8')],
      addresses: [address('STREET', { attentionTo: 'Ann', city: 'Oban' })],
    }),
  )
  expect(written({ email: 'a@b.example' }, before)).toEqual({ emailAddress: 'a@b.example' })
  expect(written({ phone: '2' }, before)).toEqual({ phones: [phone('DDI', '77', '8'), phone('DEFAULT', '2')] })
  expect(written({ city: null }, before)).toEqual({
    addresses: [address('STREET', { attentionTo: 'Ann', city: '' })],
  })
})

test('what is cleared is sent empty, since what is left out would stay', () => {
  expect(written({ first_name: null, mobile: null }, { phones: [], addresses: [] })).toEqual({
    firstName: '',
    phones: [phone('MOBILE', '')],
  })
})

const fields = fc
  .record(
    Object.fromEntries(
      syncedFields.map((f) => [f, f === 'archived' ? fc.constant(null) : fc.option(fc.string({ maxLength: 20 }))]),
    ),
  )
  .map((f) => ({ ...clean(f as ClientFields), name: 'Acme' }))

test('there and back: what is written is what is read', () => {
  fc.assert(
    fc.property(fields, fields, fc.subarray([...syncedFields]), (first, second, changed) => {
      const before: SeenContact = seen(stored(contact(), written(first, { phones: [], addresses: [] })))
      expect(before.fields).toEqual(first)
      const changes = Object.fromEntries(changed.map((f) => [f, second[f]])) as SomeFields
      const after = seen(stored(stored(contact(), written(first, before)), written(changes, before)))
      expect(after.fields).toEqual({ ...first, ...changes })
    }),
  )
})
