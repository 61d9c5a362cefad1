import { expect, it } from 'vitest'
import * as wire from './answers.js'
import { all, elements, first, one, page } from './readings.js'

const id = '3ff6d40c-af9a-40a3-89ce-3c1556a25591'
const sums = { SubTotal: 100, TotalTax: 15, Total: 115, AmountDue: 115 }

it('reads an invoice as it comes, money as text and dates as days', () => {
  const read = wire.invoice.parse({
    ...sums,
    InvoiceID: id,
    InvoiceNumber: 'AFO-00001',
    Type: 'ACCREC',
    Status: 'PAID',
    Reference: '',
    Contact: { ContactID: id, Name: 'Harbour Brewing', Surprise: {} },
    Date: '/Date(1789344000000+0000)/',
    DateString: '2026-09-14T00:00:00',
    DueDate: '/Date(1790553600000+0000)/',
    FullyPaidOnDate: '/Date(1790380800000+0000)/',
    LineItems: [
      {
        LineItemID: id,
        Quantity: 0.3333,
        UnitAmount: 95.1234,
        LineAmount: 31.7,
        Tracking: [{ Name: 'Region', Option: 'North' }],
      },
    ],
    AmountPaid: 100.1,
    AmountCredited: 14.9,
    UpdatedDateUTC: '/Date(1552331430618+0000)/',
    NotKnownToUs: true,
  })
  expect(read).toMatchObject({
    invoiceID: id,
    reference: null,
    contact: { contactID: id, name: 'Harbour Brewing' },
    date: '2026-09-14',
    dueDate: '2026-09-28',
    fullyPaidOnDate: '2026-09-26',
    total: '115',
    amountPaid: '100.1',
    amountCredited: '14.9',
    updatedDateUTC: '2019-03-11T19:10:30.618Z',
  })
  expect(read.lineItems[0]).toMatchObject({
    quantity: '0.3333',
    unitAmount: '95.1234',
    tracking: [{ name: 'Region', option: 'North' }],
  })
  expect(read).not.toHaveProperty('notKnownToUs')
})

it('never reads an invoice without its sums as one with nothing due', () => {
  const { AmountDue: _, ...rest } = sums
  expect(wire.invoice.safeParse({ InvoiceID: id, Status: 'AUTHORISED', ...rest }).success).toBe(false)
})

it("reads a contact of Xero's own example, empty text as null", () => {
  const read = wire.contact.parse({
    ContactID: id,
    ContactStatus: 'ACTIVE',
    Name: 'Foo9987',
    EmailAddress: '',
    Addresses: [{ AddressType: 'STREET', City: '', Country: '' }],
    Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '555-1212', PhoneAreaCode: '415', PhoneCountryCode: '' }],
    PaymentTerms: { Bills: { Day: 15, Type: 'OFCURRENTMONTH' }, Sales: { Day: 10, Type: 'DAYSAFTERBILLMONTH' } },
  })
  expect(read).toMatchObject({ emailAddress: null, mergedToContactID: null, isCustomer: false, updatedDateUTC: null })
  expect(read.phones).toEqual([
    { phoneType: 'MOBILE', phoneNumber: '555-1212', phoneAreaCode: '415', phoneCountryCode: null },
  ])
  expect(read.paymentTerms?.sales).toEqual({ day: 10, type: 'DAYSAFTERBILLMONTH' })
})

it('reads pages with and without pagination', () => {
  const contact = { ContactID: id, Name: 'A' }
  const paged = { Contacts: [contact], pagination: { page: 2, pageSize: 100, pageCount: 3, itemCount: 201 } }
  expect(page('Contacts', wire.contact, 2)(paged)).toMatchObject({ page: 2, pageCount: 3, itemCount: 201 })
  expect(page('Contacts', wire.contact, 1)({ Contacts: [contact] })).toMatchObject({
    page: 1,
    pageCount: 1,
    itemCount: 1,
  })
})

it.each([['<html>gateway</html>'], [{}], [null], [''], [{ Contacts: null }], [{ Contacts: [{ Name: 'no id' }] }]])(
  'takes %j for no answer',
  (data) => {
    expect(() => page('Contacts', wire.contact)(data)).toThrow()
    expect(() => all('Contacts', wire.contact)(data)).toThrow()
    expect(() => first('Contacts', wire.contact)(data)).toThrow()
  },
)

it('gives each element of a batch its own result', () => {
  const read = elements('Contacts', wire.contact, ['A', 'B'], (asked, is) => asked === is.name)
  const taken = 'The contact name B is already assigned to another contact.'
  const refused = {
    ContactID: '00000000-0000-0000-0000-000000000000',
    Name: 'B',
    StatusAttributeString: 'ERROR',
    ValidationErrors: [{ Message: taken }],
  }
  const results = read({ Contacts: [{ ContactID: id, Name: 'A', StatusAttributeString: 'OK' }, refused] })
  expect(results).toMatchObject([
    { ok: true, value: { contactID: id } },
    { ok: false, messages: [taken] },
  ])
})

it('ascribes no result to the wrong element', () => {
  const read = elements('Contacts', wire.contact, ['A', 'B'], (asked, is) => asked === is.name)
  const [a, b] = ['A', 'B'].map((Name) => ({ ContactID: id, Name }))
  expect(() => read({ Contacts: [b, a] })).toThrow(/another one/)
  expect(() => read({ Contacts: [a] })).toThrow(/1 answers to 2/)
})

it("throws Xero's words where the only element was refused", () => {
  const read = one('HistoryRecords', wire.historyNote)
  expect(() => read({ HistoryRecords: [{ Details: 'x', ValidationErrors: [{ Message: 'Too long' }] }] })).toThrow(
    'refused',
  )
  expect(read({ HistoryRecords: [{ Details: 'x', DateUTC: '/Date(0)/', ValidationErrors: [] }] })).toMatchObject({
    details: 'x',
  })
})
