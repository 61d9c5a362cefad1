import { expect, it } from 'vitest'
import { contact } from './answers.js'
import { contactBody, invoiceBody, sameContact } from './bodies.js'
import { redact } from './redact.js'

const id = '3ff6d40c-af9a-40a3-89ce-3c1556a25591'

it('sends a sales invoice with numbers that mean the same decimals', () => {
  const body = invoiceBody({
    invoiceNumber: 'AFO-00001',
    contact: { contactID: id },
    date: '2026-09-14',
    dueDate: '2026-09-28',
    status: 'AUTHORISED',
    lineItems: [{ description: 'Labour', quantity: '0.3333', unitAmount: '95.5000', accountCode: '200' }],
  })
  expect(JSON.parse(JSON.stringify(body))).toEqual({
    type: 'ACCREC',
    lineAmountTypes: 'Exclusive',
    invoiceNumber: 'AFO-00001',
    contact: { contactID: id },
    date: '2026-09-14',
    dueDate: '2026-09-28',
    status: 'AUTHORISED',
    lineItems: [{ description: 'Labour', quantity: 0.3333, unitAmount: 95.5, accountCode: '200' }],
  })
})

it('clears by "" and leaves out what is not given', () => {
  expect(contactBody({ name: 'A', phones: [{ phoneType: 'MOBILE', phoneNumber: null }] })).toEqual({
    name: 'A',
    phones: [{ phoneType: 'MOBILE', phoneNumber: '' }],
  })
})

it('knows a contact again by id, else by number, else by name as Xero compares names', () => {
  const answered = contact.parse({ ContactID: id, Name: 'Café Zoë', ContactNumber: 'c1' })
  expect(sameContact({ contactID: id.toUpperCase(), name: 'renamed' }, answered)).toBe(true)
  expect(sameContact({ contactNumber: 'c1', name: 'other' }, answered)).toBe(true)
  expect(sameContact({ name: '  CAFÉ   zoe\u0308 ' }, answered)).toBe(true)
  expect(sameContact({ contactNumber: 'c2', name: 'Café Zoë' }, answered)).toBe(false)
  expect(sameContact({ name: 'Another' }, answered)).toBe(false)
})

it('masks what identifies a person, at any depth, in both spellings', () => {
  const kept = redact({
    Name: 'A',
    EmailAddress: 'a@b.c',
    contacts: [{ phones: [{ phoneNumber: '1', phoneType: 'MOBILE' }], taxNumber: null }],
  })
  expect(kept).toEqual({
    Name: 'A',
    EmailAddress: '[redacted]',
    contacts: [{ phones: [{ phoneNumber: '[redacted]', phoneType: 'MOBILE' }], taxNumber: null }],
  })
})
