import type { InvoiceWork } from '@afo/contracts'
import type { XeroInvoice } from '@afo/wire'
import { describe, expect, test } from 'vitest'
import { issued, judge, refused, taken } from './verdict.js'

const invoice = {
  id: 'i',
  fence: '3',
  number: 'AFO-00001',
  reference: 'PO-1',
  contactId: 'C1',
  alsoContacts: ['c3'],
  net: '100.00',
  tax: '15.00',
  total: '115.00',
  issuedOn: '2026-11-23',
  dueOn: '2026-12-07',
  sends: 0,
} as InvoiceWork
const document = (over: object = {}) =>
  ({
    invoiceID: 'x',
    status: 'AUTHORISED',
    type: 'ACCREC',
    invoiceNumber: 'AFO-00001',
    reference: 'PO-1',
    contact: { contactID: 'c1', name: 'Client' },
    date: '2026-11-23',
    dueDate: '2026-12-07',
    subTotal: '100',
    totalTax: '15',
    total: '115',
    amountDue: '115',
    amountPaid: '0',
    amountCredited: '0',
    updatedDateUTC: null,
    ...over,
  }) as XeroInvoice

describe('what Xero has under our number', () => {
  test.each<[string, object[], string]>([
    ['nothing', [], 'absent'],
    ['ours', [{}], 'ours'],
    ['ours, whatever became of it', [{ status: 'VOIDED' }], 'ours'],
    ['ours, the number in other letters', [{ invoiceNumber: 'afo-00001' }], 'ours'],
    ['ours, with a space that Xero leaves out', [{ reference: 'PO-1 ' }], 'ours'],
    ['the same of another day', [{ date: '2026-10-23' }], 'alike'],
    ['the same of another day, deleted', [{ date: '2026-10-23', status: 'DELETED' }], 'absent'],
    ['ours, its tax at a rate that was changed', [{ totalTax: '12.5', total: '112.50' }], 'ours'],
    ['ours, of the contact that ours was merged into', [{ contact: { contactID: 'C3', name: 'Kept' } }], 'ours'],
    ['another net', [{ subTotal: '100.01', total: '115.01' }], 'foreign'],
    ['another reference', [{ reference: 'PO-2' }], 'foreign'],
    ['another contact', [{ contact: { contactID: 'c2', name: 'X' } }], 'foreign'],
    ["a supplier's bill of that number", [{ type: 'ACCPAY', subTotal: '1' }], 'absent'],
    ['a deleted one that is not ours', [{ status: 'DELETED', subTotal: '1' }], 'absent'],
    ['a void one that is not ours keeps the number', [{ status: 'VOIDED', subTotal: '1' }], 'foreign'],
    ['ours beside a deleted one', [{ status: 'DELETED', subTotal: '1' }, {}], 'ours'],
    ['another number', [{ invoiceNumber: 'AFO-00002' }], 'absent'],
  ])('%s', (_, documents, is) => {
    expect(judge(invoice, documents.map(document)).is).toBe(is)
  })

  test('no reference is like an empty one', () => {
    expect(judge({ ...invoice, reference: null }, [document({ reference: null })]).is).toBe('ours')
  })
})

test("totals that aren't ours are taken with a failure, to the cent", () => {
  expect(issued(invoice, document(), '2026-11-23')).not.toHaveProperty('code')
  expect(issued(invoice, document({ totalTax: '15.01', total: '115.01' }), '2026-11-23')).toMatchObject({
    to: 'issued',
    code: 'AFO-502',
  })
})

test.each([
  ['2026-12-07', 'Unpaid'],
  ['2026-12-08', 'Overdue'],
])('issued on the books of %s it is %s', (today, paymentStatus) => {
  expect(issued(invoice, document(), today)).toMatchObject({ paymentStatus })
})

describe('the number belongs to another document', () => {
  test('our only request was plainly refused: the hours are free, the number is spent', () => {
    expect(taken(invoice, document({ total: '1' }), true, 1)).toMatchObject({
      to: 'refused',
      code: 'AFO-415',
      spent: expect.stringContaining('x'),
    })
  })
  test('our request may have made it, edited since: a person looks, nothing is freed', () => {
    expect(taken(invoice, document({ total: '1' }), false, 1)).toMatchObject({
      to: 'unknown',
      code: 'AFO-415',
      waitMs: 1,
    })
  })
  test('a void one bills nobody', () => {
    expect(taken(invoice, document({ total: '1', status: 'VOIDED' }), false, 1)).toMatchObject({ to: 'refused' })
  })
})

test.each([
  ["Account code '999' is not a valid code for this document.", 'AFO-408'],
  ["The TaxType code 'X' cannot be used with account code 'Y'.", 'AFO-409'],
  ['The document date cannot be before the period lock date, currently set at 1 Jan', 'AFO-410'],
  ['Organisation is not subscribed to currency EUR', 'AFO-411'],
  ['Something never heard of', 'AFO-499'],
])('%s', (message, code) => {
  expect(refused(invoice, [message])).toMatchObject({ to: 'refused', code, message, spent: null })
})
