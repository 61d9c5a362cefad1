import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Connected, connected, invoice, messages } from './xero-harness.js'

let xero: Connected
let contactId: string
let number = 0
beforeAll(async () => {
  xero = await connected()
  contactId = (await xero.call('PUT', '/Contacts', { Contacts: [{ Name: 'Invoice customer' }] })).body.Contacts[0]
    .ContactID
})
afterAll(() => xero.close())

const next = () => `AFO-${String(++number).padStart(5, '0')}`
const put = (element: object, query = '?unitdp=4') => xero.call('PUT', `/Invoices${query}`, { Invoices: [element] })
const post = (element: object, query = '?unitdp=4') => xero.call('POST', `/Invoices${query}`, { Invoices: [element] })
const made = async (over: Record<string, unknown> = {}) => {
  const reply = await put(invoice(contactId, { InvoiceNumber: next(), ...over }))
  if (reply.status !== 200) throw new Error(reply.text)
  return reply.body.Invoices[0]
}
const refusals = async (over: Record<string, unknown>) => {
  const reply = await put(invoice(contactId, { InvoiceNumber: next(), ...over }))
  expect(reply.status).toBe(400)
  return messages(reply.body.Elements[0])
}
const line = (over: Record<string, unknown> = {}) => ({
  Description: 'Labour',
  Quantity: 1,
  UnitAmount: 100,
  AccountCode: '210',
  ...over,
})
const person = () => xero.xero.control.person()

describe('money', () => {
  it('keeps four decimals of price only with unitdp=4, in writing and in reading', async () => {
    const lines = [line({ Quantity: 1.3333, UnitAmount: 118.7555 })]
    const [four] = (await put(invoice(contactId, { LineItems: lines }))).body.Invoices
    expect(four.LineItems[0]).toMatchObject({
      Quantity: 1.3333,
      UnitAmount: 118.7555,
      LineAmount: 158.34,
      TaxAmount: 23.75,
    })
    const [two] = (await put(invoice(contactId, { LineItems: lines }), '')).body.Invoices
    expect(two.LineItems[0]).toMatchObject({ UnitAmount: 118.76, LineAmount: 158.34 })
    expect((await xero.call('GET', `/Invoices/${four.InvoiceID}`)).body.Invoices[0].LineItems[0].UnitAmount).toBe(
      118.76,
    )
    expect(
      (await xero.call('GET', `/Invoices/${four.InvoiceID}?unitdp=4`)).body.Invoices[0].LineItems[0].UnitAmount,
    ).toBe(118.7555)
  })

  it('rounds tax per line, half up, and sums', async () => {
    const lines = [
      line({ UnitAmount: 0.1 }),
      line({ UnitAmount: 0.1 }),
      line({ UnitAmount: 0.1 }),
      line({ UnitAmount: 0.3 }),
    ]
    // 0.1 x 15 % = 0.015 -> 0.02 three times, 0.3 x 15 % = 0.045 -> 0.05
    expect(await made({ LineItems: lines })).toMatchObject({
      SubTotal: 0.6,
      TotalTax: 0.11,
      Total: 0.71,
      AmountDue: 0.71,
    })
  })

  it('takes the tax out of inclusive amounts, and none at all with NoTax', async () => {
    expect(await made({ LineAmountTypes: 'Inclusive', LineItems: [line({ UnitAmount: 115 })] })).toMatchObject({
      SubTotal: 100,
      TotalTax: 15,
      Total: 115,
    })
    expect(await made({ LineAmountTypes: 'NoTax' })).toMatchObject({ SubTotal: 200, TotalTax: 0, Total: 200 })
  })

  it('takes discounts on sales', async () => {
    const discounted = await made({ LineItems: [line({ DiscountRate: 12.5 }), line({ DiscountAmount: 10 })] })
    expect(discounted.LineItems.map((l: { LineAmount: number }) => l.LineAmount)).toEqual([87.5, 90])
    expect(discounted).toMatchObject({ IsDiscounted: true, TotalDiscount: 22.5 })
  })

  it('fills in what an item knows', async () => {
    const [filled] = (await made({ LineItems: [{ ItemCode: 'LAB-APP', Quantity: 3 }] })).LineItems
    expect(filled).toMatchObject({
      Description: 'Labour - apprentice',
      UnitAmount: 62.3333,
      LineAmount: 187,
      AccountCode: '210',
      TaxType: 'OUTPUT2',
    })
    expect(filled.Item).toMatchObject({ Code: 'LAB-APP' })
  })

  it('an approved invoice of nothing is paid at once', async () => {
    expect(await made({ LineItems: [line({ UnitAmount: 0 })] })).toMatchObject({ Status: 'PAID', AmountDue: 0 })
  })
})

describe('what Xero refuses, in its words', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'an unknown account',
      { LineItems: [line({ AccountCode: '999' })] },
      "Account code '999' is not a valid code for this document.",
    ],
    [
      'a bank account',
      { LineItems: [line({ AccountCode: '090' })] },
      "Account code '090' is not a valid code for this document.",
    ],
    [
      'a system account',
      { LineItems: [line({ AccountCode: '610' })] },
      "Account code '610' is not a valid code for this document.",
    ],
    [
      'an archived account',
      { LineItems: [line({ AccountCode: '205' })] },
      "Account code '205' has been archived, or has been deleted. Each line item must reference a valid account.",
    ],
    [
      'a tax that does not fit',
      { LineItems: [line({ TaxType: 'INPUT2' })] },
      "The TaxType code 'INPUT2' cannot be used with account code '210'.",
    ],
    ['a currency that is not subscribed', { CurrencyCode: 'EUR' }, 'Organisation is not subscribed to currency EUR'],
    ['no contact', { Contact: {} }, 'A Contact must be specified for this type of transaction'],
    ['a wrong total', { Total: 1 }, 'The invoice total does not equal the sum of the lines.'],
    [
      'a wrong line total',
      { LineItems: [line({ LineAmount: 1 })] },
      'The line total 1.00 does not match the expected line total 100.00',
    ],
    [
      'no account on an approved invoice',
      { LineItems: [line({ AccountCode: undefined })] },
      'Account code must be specified',
    ],
    ['a status that nobody may write', { Status: 'PAID' }, 'Invoice not of valid status for modification'],
    [
      'three tracking categories',
      {
        LineItems: [
          line({
            Tracking: [
              { Name: 'Region', Option: 'North Island' },
              { Name: 'Region', Option: 'South Island' },
              { Name: 'Department', Option: 'Data' },
            ],
          }),
        ],
      },
      'A line item can have at most 2 tracking categories.',
    ],
    [
      'a link to Xero',
      { Url: 'https://go.xero.com/x' },
      'Url must be a valid, absolute link and must not point to Xero.',
    ],
    ['a long reference', { Reference: 'r'.repeat(256) }, 'The Reference cannot be longer than 255 characters.'],
    [
      'a long description',
      { LineItems: [line({ Description: 'd'.repeat(4001) })] },
      'The Description cannot be longer than 4000 characters.',
    ],
    [
      'an item that does not exist',
      { LineItems: [{ ItemCode: 'NOPE', Quantity: 1 }] },
      "Item code 'NOPE' is not valid.",
    ],
    ['no lines', { LineItems: [] }, 'One or more line items must be specified'],
    ['no due date', { DueDate: undefined }, 'The DueDate must be specified.'],
  ])('%s', async (_what, over, message) => {
    expect(await refusals(over)).toContain(message)
  })

  it('a number that another sales invoice holds, voided ones too; a deleted draft frees its number', async () => {
    const first = await made()
    expect(await refusals({ InvoiceNumber: first.InvoiceNumber.toLowerCase() })).toContain('Invoice # must be unique.')
    await xero.call('POST', `/Invoices/${first.InvoiceID}`, { Invoices: [{ Status: 'VOIDED' }] })
    expect(await refusals({ InvoiceNumber: first.InvoiceNumber })).toContain('Invoice # must be unique.')
    const draft = await made({ Status: 'DRAFT' })
    await post({ InvoiceID: draft.InvoiceID, Status: 'DELETED' })
    const again = await made({ InvoiceNumber: draft.InvoiceNumber })
    expect(again.InvoiceID).not.toBe(draft.InvoiceID)
    const both = await xero.call('GET', `/Invoices?InvoiceNumbers=${draft.InvoiceNumber}`)
    expect(both.body.Invoices.map((i: { Status: string }) => i.Status).sort()).toEqual(['AUTHORISED', 'DELETED'])
  })

  it('documents on or before a lock date, once they are approved', async () => {
    const draft = await made({ Status: 'DRAFT' })
    xero.xero.control.setOrganisation({ PeriodLockDate: '2026-11-20' })
    expect(await refusals({})).toContain(
      'The document date cannot be before the period lock date, currently set at 20/11/2026',
    )
    const approve = await xero.call('POST', `/Invoices/${draft.InvoiceID}`, { Invoices: [{ Status: 'AUTHORISED' }] })
    expect(approve.status).toBe(400)
    expect((await put(invoice(contactId, { Date: '2026-11-21' }))).status).toBe(200)
    xero.xero.control.setOrganisation({ PeriodLockDate: null })
  })

  it('an archived contact, and one that was merged away; a person may still void', async () => {
    const contact = person().createContact({ Name: 'Archived customer' })
    const standing = await made({ Contact: { ContactID: contact.ContactID } })
    person().archiveContact(contact.ContactID)
    expect((await refusals({ Contact: { ContactID: contact.ContactID } }))[0]).toContain('matched an archived contact')
    const voided = await xero.call('POST', `/Invoices/${standing.InvoiceID}`, { Invoices: [{ Status: 'VOIDED' }] })
    expect(messages(voided.body.Elements[0])[0]).toContain('matched an archived contact')
    expect(person().editInvoice(standing.InvoiceID, { Status: 'VOIDED' }).Status).toBe('VOIDED')
  })

  it('per element: neighbours of a bad one are saved with summarizeErrors=false, none without', async () => {
    const batch = () => [
      invoice(contactId, { InvoiceNumber: next() }),
      invoice(contactId, { InvoiceNumber: next(), CurrencyCode: 'EUR' }),
      invoice(contactId, { InvoiceNumber: next() }),
    ]
    const before = xero.xero.control.ledger().totals.documents
    expect((await xero.call('PUT', '/Invoices', { Invoices: batch() })).status).toBe(400)
    expect(xero.xero.control.ledger().totals.documents).toBe(before)
    const { status, body } = await xero.call('PUT', '/Invoices?summarizeErrors=false', { Invoices: batch() })
    expect(status).toBe(200)
    expect(body.Invoices.map((i: { StatusAttributeString: string }) => i.StatusAttributeString)).toEqual([
      'OK',
      'ERROR',
      'OK',
    ])
    expect(body.Invoices[1]).toMatchObject({ HasErrors: true, InvoiceID: '00000000-0000-0000-0000-000000000000' })
    expect(xero.xero.control.ledger().totals.documents).toBe(before + 2)
  })
})

describe('status machine', () => {
  const move = async (from: Record<string, unknown>, to: string) =>
    xero.call('POST', `/Invoices/${(await made(from)).InvoiceID}`, { Invoices: [{ Status: to }] })

  it.each([
    ['DRAFT', 'SUBMITTED', 200],
    ['DRAFT', 'AUTHORISED', 200],
    ['DRAFT', 'DELETED', 200],
    ['DRAFT', 'VOIDED', 400],
    ['SUBMITTED', 'DRAFT', 200],
    ['SUBMITTED', 'AUTHORISED', 200],
    ['SUBMITTED', 'DELETED', 200],
    ['AUTHORISED', 'VOIDED', 200],
    ['AUTHORISED', 'DELETED', 400],
    ['AUTHORISED', 'DRAFT', 400],
    ['AUTHORISED', 'PAID', 400],
  ])('%s -> %s: %i', async (from, to, status) => {
    expect((await move({ Status: from }, to)).status).toBe(status)
  })

  it('a paid or credited invoice can be neither edited nor voided, but for its due date, reference and link', async () => {
    const paid = await made()
    person().pay(paid.InvoiceNumber, { amount: '10.00' })
    const edit = async (element: object) => xero.call('POST', `/Invoices/${paid.InvoiceID}`, { Invoices: [element] })
    expect(messages((await edit({ Status: 'VOIDED' })).body.Elements[0])).toEqual([
      'The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.',
    ])
    expect(messages((await edit({ LineItems: [line()] })).body.Elements[0])).toEqual([
      'This document cannot be edited as it has a payment or credit note allocated to it.',
    ])
    expect((await edit({ Reference: 'PO 1' })).body.Invoices[0].Reference).toBe('PO 1')
  })

  it('voided and deleted are final', async () => {
    const voided = await made()
    await xero.call('POST', `/Invoices/${voided.InvoiceID}`, { Invoices: [{ Status: 'VOIDED' }] })
    for (const Status of ['AUTHORISED', 'DRAFT', 'VOIDED'])
      expect((await xero.call('POST', `/Invoices/${voided.InvoiceID}`, { Invoices: [{ Status }] })).status).toBe(400)
    expect((await xero.call('GET', `/Invoices/${voided.InvoiceID}`)).body.Invoices[0]).toMatchObject({
      Status: 'VOIDED',
      AmountDue: 0,
      Total: 230,
    })
  })
})

describe('POST', () => {
  it('silently replaces an invoice that has the number', async () => {
    const first = await made({ Status: 'DRAFT' })
    const [second] = (
      await post(invoice(contactId, { InvoiceNumber: first.InvoiceNumber, LineItems: [line({ UnitAmount: 7 })] }))
    ).body.Invoices
    expect(second.InvoiceID).toBe(first.InvoiceID)
    expect(second.LineItems).toHaveLength(1)
    expect(second.SubTotal).toBe(7)
  })

  it('updates lines by LineItemID, adds those without, drops those not sent', async () => {
    const draft = await made({
      Status: 'DRAFT',
      LineItems: [line({ Description: 'one' }), line({ Description: 'two' })],
    })
    const [, two] = draft.LineItems
    const [after] = (
      await post({
        InvoiceID: draft.InvoiceID,
        LineItems: [{ LineItemID: two.LineItemID, Quantity: 3 }, line({ Description: 'three' })],
      })
    ).body.Invoices
    expect(
      after.LineItems.map((l: { Description: string; LineAmount: number }) => [l.Description, l.LineAmount]),
    ).toEqual([
      ['two', 300],
      ['three', 100],
    ])
    expect(after.LineItems[0].LineItemID).toBe(two.LineItemID)
    expect(after).toMatchObject({ SubTotal: 400, TotalTax: 60 })
  })

  it('a bare name makes a contact, and more than a ContactID edits it', async () => {
    const [fresh] = (await put(invoice(contactId, { Contact: { Name: 'Made by an invoice' } }))).body.Invoices
    expect(fresh.Contact.Name).toBe('Made by an invoice')
    const id = fresh.Contact.ContactID
    const [again] = (await put(invoice(contactId, { Contact: { ContactID: id, EmailAddress: 'changed@example.com' } })))
      .body.Invoices
    expect(again.Contact).toMatchObject({ ContactID: id, EmailAddress: 'changed@example.com' })
  })

  it('numbers invoices itself where no number is sent', async () => {
    const [a] = (await put(invoice(contactId))).body.Invoices
    const [b] = (await put(invoice(contactId))).body.Invoices
    expect(a.InvoiceNumber).toMatch(/^INV-\d{4}$/)
    expect(b.InvoiceNumber).not.toBe(a.InvoiceNumber)
  })
})

describe('reading', () => {
  it('shows lines only when paged or alone, no payments in a summary', async () => {
    const one = await made()
    const unpaged = (await xero.call('GET', `/Invoices?IDs=${one.InvoiceID}`)).body
    expect(unpaged.pagination).toBeUndefined()
    expect(unpaged.Invoices[0].LineItems).toEqual([])
    expect((await xero.call('GET', `/Invoices?IDs=${one.InvoiceID}&page=1`)).body.Invoices[0].LineItems).toHaveLength(1)
    const summary = (await xero.call('GET', `/Invoices?IDs=${one.InvoiceID}&summaryOnly=true`)).body.Invoices[0]
    expect(summary).not.toHaveProperty('LineItems')
    expect(summary).not.toHaveProperty('Payments')
    expect((await xero.call('GET', `/Invoices/${one.InvoiceNumber}`)).body.Invoices[0].InvoiceID).toBe(one.InvoiceID)
  })

  it('filters by numbers, contacts, statuses, app and where', async () => {
    const contact = person().createContact({ Name: 'Filter customer' })
    const mine = await made({ Contact: { ContactID: contact.ContactID }, Reference: 'PO-77', Date: '2026-10-31' })
    const draft = await made({ Contact: { ContactID: contact.ContactID }, Status: 'DRAFT' })
    const theirs = person().createInvoice(invoice(contact.ContactID, { Date: '2026-10-30' }))
    const ids = async (query: string) =>
      (await xero.call('GET', `/Invoices?ContactIDs=${contact.ContactID}&${query}`)).body.Invoices.map(
        (i: { InvoiceID: string }) => i.InvoiceID,
      )
    expect(await ids('Statuses=AUTHORISED,PAID')).toEqual([mine.InvoiceID, theirs.InvoiceID])
    expect(await ids('createdByMyApp=true')).toEqual([mine.InvoiceID, draft.InvoiceID])
    expect(await ids(`InvoiceNumbers=${draft.InvoiceNumber},nope`)).toEqual([draft.InvoiceID])
    const where = (text: string) => ids(`where=${encodeURIComponent(text)}`)
    expect(await where('Reference=="PO-77"')).toEqual([mine.InvoiceID])
    expect(await where('Date>=DateTime(2026,10,31) AND Date<DateTime(2026,11,01)')).toEqual([mine.InvoiceID])
    expect(await where('(AmountDue>0 OR AmountPaid==1) && Status=="DRAFT"')).toEqual([draft.InvoiceID])
    expect(
      await where(`Contact.ContactID==Guid("${contact.ContactID}") AND Type=="ACCREC" AND Status!="DRAFT"`),
    ).toEqual([mine.InvoiceID, theirs.InvoiceID])
    expect(await ids('order=Date%20ASC')).toEqual([theirs.InvoiceID, mine.InvoiceID, draft.InvoiceID])
  })

  it('writes dates as midnight UTC, with their twins', async () => {
    const one = await made({ Date: '/Date(1795219200000+0000)/' })
    expect(one).toMatchObject({
      DateString: '2026-11-21T00:00:00',
      Date: '/Date(1795219200000+0000)/',
      DueDateString: '2026-12-04T00:00:00',
    })
    expect(one.UpdatedDateUTCString).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  it('dates an invoice without a date by the organisation’s day, not by UTC', async () => {
    // 12:30 UTC is already tomorrow in Auckland.
    xero.xero.control.moveClock({ now: Date.parse('2027-01-31T12:30:00Z') })
    const tokens = await xero.request('GET', '/_sandbox/ledger')
    expect(tokens.status).toBe(200)
    const fresh = person().createInvoice({ ...invoice(contactId), Date: undefined })
    expect(fresh.Date).toBe('2027-02-01')
    xero.xero.control.moveClock({ now: Date.now() })
  })
})

describe('settlement', () => {
  it('payments make it part-paid, then paid, and undoing one makes it due again', async () => {
    const one = await made()
    const read = async () => (await xero.call('GET', `/Invoices/${one.InvoiceID}`)).body.Invoices[0]
    person().pay(one.InvoiceID, { amount: '30.00', date: '2026-11-25' })
    expect(await read()).toMatchObject({ Status: 'AUTHORISED', AmountPaid: 30, AmountDue: 200 })
    const last = person().pay(one.InvoiceID, { date: '2026-11-26' })
    const paid = await read()
    expect(paid).toMatchObject({
      Status: 'PAID',
      AmountDue: 0,
      FullyPaidOnDate: `/Date(${Date.parse('2026-11-26T00:00:00Z')}+0000)/`,
    })
    expect(paid.Payments).toHaveLength(2)
    person().removePayment(last.PaymentID)
    const open = await read()
    expect(open).toMatchObject({ Status: 'AUTHORISED', AmountDue: 200 })
    expect(open).not.toHaveProperty('FullyPaidOnDate')
    expect(() => person().pay(one.InvoiceID, { amount: '200.01' })).toThrow('exceeds the amount outstanding')
  })

  it('a credit note alone makes it PAID with nothing paid', async () => {
    const one = await made()
    person().credit(one.InvoiceID, {})
    expect((await xero.call('GET', `/Invoices/${one.InvoiceID}`)).body.Invoices[0]).toMatchObject({
      Status: 'PAID',
      AmountPaid: 0,
      AmountCredited: 230,
      AmountDue: 0,
    })
    const notes = await xero.call('GET', '/CreditNotes?page=1')
    expect(notes.body.CreditNotes[0]).toMatchObject({
      Type: 'ACCRECCREDIT',
      Status: 'PAID',
      Total: 230,
      RemainingCredit: 0,
    })
    expect(
      (await xero.call('GET', `/CreditNotes/${notes.body.CreditNotes[0].CreditNoteID}`)).body.CreditNotes[0]
        .Allocations[0],
    ).toMatchObject({ Amount: 230, Invoice: { InvoiceID: one.InvoiceID } })
  })

  it('lists payments with their invoice', async () => {
    const one = await made()
    const payment = person().pay(one.InvoiceID, { reference: 'Direct debit' })
    const [shown] = (await xero.call('GET', `/Payments/${payment.PaymentID}`)).body.Payments
    expect(shown).toMatchObject({
      Amount: 230,
      PaymentType: 'ACCRECPAYMENT',
      Status: 'AUTHORISED',
      Reference: 'Direct debit',
      Invoice: { InvoiceID: one.InvoiceID },
    })
    expect((await xero.call('GET', '/Payments?page=1')).body.pagination.itemCount).toBeGreaterThan(0)
  })

  it('edits of a part-paid invoice’s due date go unnoticed by If-Modified-Since', async () => {
    const one = await made()
    person().pay(one.InvoiceID, { amount: '1.00' })
    const before = (await xero.call('GET', `/Invoices/${one.InvoiceID}`)).body.Invoices[0].UpdatedDateUTC
    xero.xero.control.moveClock({ advanceMs: 10_000 })
    const [edited] = (await post({ InvoiceID: one.InvoiceID, DueDate: '2027-01-15' })).body.Invoices
    expect(edited).toMatchObject({ DueDateString: '2027-01-15T00:00:00', UpdatedDateUTC: before })
  })
})

describe('history', () => {
  it('adds notes, twice if asked twice, and lists them newest first among Xero’s own lines', async () => {
    const one = await made()
    const add = (Details: string) =>
      xero.call('PUT', `/Invoices/${one.InvoiceID}/History`, { HistoryRecords: [{ Details }] })
    const first = await add('PROJECT001 - Labor')
    expect(first.status).toBe(200)
    expect(first.body.HistoryRecords[0]).toMatchObject({ Details: 'PROJECT001 - Labor', ValidationErrors: [] })
    await add('PROJECT001 - Labor')
    const { HistoryRecords } = (await xero.call('GET', `/Invoices/${one.InvoiceID}/History`)).body
    expect(HistoryRecords.filter((r: { Changes: string }) => r.Changes === 'Note')).toHaveLength(2)
    expect(HistoryRecords.at(-1)).toMatchObject({ Changes: 'Created', User: 'System Generated' })
    expect((await add('n'.repeat(2501))).status).toBe(400)
    expect((await add('n'.repeat(2500))).status).toBe(200)
    expect((await xero.call('GET', '/Invoices/33333333-3333-4333-8333-333333333333/History')).status).toBe(404)
  })
})

it('10,000 open invoices are read in 250 calls of 40, or 10 pages of those that changed', async () => {
  for (let i = 0; i < 10_000; i++) person().createInvoice(invoice(contactId, { InvoiceNumber: `LOAD-${i}` }))
  const all = xero.xero.control
    .ledger()
    .invoices.filter((i) => i.InvoiceNumber.startsWith('LOAD-'))
    .map((i) => i.InvoiceID)
  const started = performance.now()
  let seen = 0
  for (let from = 0; from < 1000; from += 40)
    seen += (await xero.call('GET', `/Invoices?IDs=${all.slice(from, from + 40).join(',')}&page=1&pageSize=40`)).body
      .Invoices.length
  expect(seen).toBe(1000)
  expect((await xero.call('GET', '/Invoices?page=10&pageSize=1000')).body.Invoices).toHaveLength(1000)
  expect(performance.now() - started).toBeLessThan(15_000)
}, 90_000)
