import { type BillableTimesheet, type BillingSource, settingGroups } from '@afo/contracts'
import type { Reference } from '../src/organisation.js'
import { planInvoice } from '../src/plan.js'

export const setting = (over: object = {}) =>
  settingGroups.invoicing.parse({ defaultAccountCode: '200', defaultTaxType: 'OUTPUT2', ...over })
export const now = '2026-11-23T05:00:00Z'

let serial = 0
const id = () => `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`
export const sheet = (over: Partial<BillableTimesheet> = {}): BillableTimesheet => ({
  id: id(),
  workDate: '2026-11-02',
  worker: 'Aroha',
  hours: '1.0000',
  rate: '100.0000',
  activityId: '11111111-1111-4111-8111-111111111111',
  activity: 'Electrician',
  itemCode: 'LAB',
  accountCode: '200',
  taxType: 'OUTPUT2',
  ...over,
})
export const source = (
  over: Partial<BillingSource> = {},
  centre: Partial<BillingSource['costCenter']> = {},
): BillingSource => ({
  costCenter: {
    id: id(),
    name: 'Labor',
    poNumber: 'PO-1',
    poAmount: null,
    poExpiresOn: null,
    trackingOption: null,
    ...centre,
  },
  project: { code: 'PROJECT001', name: 'Refit' },
  client: {
    id: id(),
    name: 'Client',
    contactId: 'c1',
    contactStatus: 'ACTIVE',
    terms: null,
    failed: false,
    matching: false,
  },
  keptNumber: null,
  orderBilled: '0',
  submitted: 0,
  timesheets: [sheet()],
  ...over,
})
export const account = (over: object = {}) => ({
  code: '200',
  name: 'Sales',
  type: 'REVENUE',
  status: 'ACTIVE',
  taxType: 'OUTPUT2',
  systemAccount: null,
  ...over,
})
export const rate = (over: object = {}) => ({
  taxType: 'OUTPUT2',
  name: 'GST',
  status: 'ACTIVE',
  effectiveRate: '15',
  canApplyToRevenue: true,
  ...over,
})
export const reference = (over: object = {}): Reference => ({
  organisation: { baseCurrency: 'NZD', periodLockDate: null, endOfYearLockDate: null, ...over },
  timeZone: 'Pacific/Auckland',
  accounts: [account()],
  taxRates: [rate()],
  tracking: [{ name: 'Region', status: 'ACTIVE', options: [{ name: 'North', status: 'ACTIVE' }] }],
})
export const plan = (s: BillingSource, request: object = {}, settings: object = {}, r = reference()) =>
  planInvoice(s, request, setting(settings), r, now)
export const codes = (s: BillingSource, request: object = {}, settings: object = {}, r = reference()) =>
  plan(s, request, settings, r).objections.map((o) => [o.code, o.blocks])
