import { expect, test } from 'vitest'
import { type Findings, judge } from './judge.js'

const invoice = (number: string, total: string, paymentStatus: 'Paid' | 'Unpaid' | 'Overdue', state = 'issued') => ({
  number,
  reference: 'PO-1',
  total,
  xeroInvoiceId: 'x',
  paymentStatus,
  state,
  clientName: 'Cafe Voltaire',
  costCentre: 'Labor',
})
const good: Findings = {
  clients: [{ xeroContactId: 'a' }, { xeroContactId: null }],
  items: [{ xeroItemId: 'i' }],
  timesheets: [{ invoiced: true }, { invoiced: false }],
  invoices: [
    invoice('1', '0.10', 'Paid'),
    invoice('2', '0.20', 'Unpaid'),
    invoice('3', '1000.00', 'Overdue'),
    invoice('4', '5.00', 'Unpaid', 'refused'),
  ],
  failures: [
    { entity: 'client', clientName: 'Very Long', title: 'Name too long', message: '300 characters', details: {} },
  ],
  xero: { documents: 3, total: '1000.30' },
  xeroCalls: 5,
  xeroCallsByEndpoint: { 'PUT Invoices': 3 },
  durationMs: 1,
}

test('what is held back with a reason does not spoil it', () => {
  expect(judge(good)).toMatchObject({
    ok: true,
    problems: [],
    clients: 2,
    contactsLinked: 1,
    timesheetsInvoiced: 1,
    paymentStatus: { Paid: 1, Unpaid: 1, Overdue: 1 },
    ledger: { ours: { documents: 3, total: '1000.30' } },
    held: [{ what: 'client Very Long', why: 'Name too long: 300 characters' }],
  })
})

test.each([
  ['one cent', { xero: { documents: 3, total: '1000.31' } }, '1000.30 here, 1000.31 in Xero'],
  ['one document', { xero: { documents: 4, total: '1000.30' } }, '3 documents here, 4 in Xero'],
  ['a step that left nothing', { items: [] }, 'itemsImported is 0'],
  [
    'nobody who paid',
    { invoices: good.invoices.map((each) => ({ ...each, paymentStatus: 'Unpaid' as const })) },
    'Paid is 0',
  ],
] as const)('%s spoils it', (_, change, problem) => {
  const { ok, problems } = judge({ ...good, ...change })
  expect({ ok, problems }).toEqual({ ok: false, problems: expect.arrayContaining([problem]) })
})
