import { filtered, ordered } from '../query/listing.js'
import type { Fields } from '../query/where.js'
import type { Account, Organisation, TaxRate, TrackingCategory } from '../store/types.js'
import { listed, notFound } from './answers.js'
import { type ApiCall, opens, type Route } from './api.js'
import { day, instant } from './wire.js'

const accountFields: Fields<Account> = {
  code: (a) => a.Code,
  name: (a) => a.Name,
  type: (a) => a.Type,
  class: (a) => a.Class,
  status: (a) => a.Status,
  taxtype: (a) => a.TaxType,
  systemaccount: (a) => a.SystemAccount,
  enablepaymentstoaccount: (a) => a.EnablePaymentsToAccount,
  updateddateutc: (a) => new Date(a.updatedAt),
}

const accountElement = (account: Account): object => ({
  AccountID: account.AccountID,
  Code: account.Code,
  Name: account.Name,
  Status: account.Status,
  Type: account.Type,
  TaxType: account.TaxType,
  ...(account.Description ? { Description: account.Description } : {}),
  Class: account.Class,
  ...(account.SystemAccount ? { SystemAccount: account.SystemAccount } : {}),
  EnablePaymentsToAccount: account.EnablePaymentsToAccount,
  ShowInExpenseClaims: false,
  ...(account.BankAccountNumber
    ? { BankAccountNumber: account.BankAccountNumber, BankAccountType: 'BANK', CurrencyCode: 'NZD' }
    : {}),
  ReportingCode: account.Class,
  HasAttachments: false,
  UpdatedDateUTC: instant(account.updatedAt),
  AddToWatchlist: false,
})

const taxFields: Fields<TaxRate> = {
  name: (t) => t.Name,
  taxtype: (t) => t.TaxType,
  status: (t) => t.Status,
  canapplytorevenue: (t) => t.CanApplyTo.includes('REVENUE'),
}

const taxElement = (rate: TaxRate): object => ({
  Name: rate.Name,
  TaxType: rate.TaxType,
  ReportTaxType: rate.ReportTaxType,
  CanApplyToAssets: rate.CanApplyTo.includes('ASSET'),
  CanApplyToEquity: rate.CanApplyTo.includes('EQUITY'),
  CanApplyToExpenses: rate.CanApplyTo.includes('EXPENSE'),
  CanApplyToLiabilities: rate.CanApplyTo.includes('LIABILITY'),
  CanApplyToRevenue: rate.CanApplyTo.includes('REVENUE'),
  DisplayTaxRate: Number(rate.Rate),
  EffectiveRate: Number(rate.Rate),
  Status: rate.Status,
  TaxComponents: [{ Name: 'GST', Rate: Number(rate.Rate), IsCompound: false, IsNonRecoverable: false }],
})

const trackingFields: Fields<TrackingCategory> = { name: (c) => c.Name, status: (c) => c.Status }

const trackingElement = (category: TrackingCategory, archived: boolean): object => ({
  Name: category.Name,
  Status: category.Status,
  TrackingCategoryID: category.TrackingCategoryID,
  Options: category.Options.filter((option) => archived || option.Status === 'ACTIVE'),
})

const actions = [
  'CreateApprovedInvoice',
  'CreateDraftInvoice',
  'CreateInvoicePayment',
  'CreateRepeatingInvoice',
  'CreateApprovedBill',
  'CreateDraftBill',
  'UseMulticurrency',
  'AttachFilesIntoInvoice',
  'ApproveTransactionsBeforePeriodLockDate',
]

const organisationElement = (o: Organisation): object => ({
  Name: o.Name,
  LegalName: o.LegalName,
  PaysTax: true,
  Version: o.Version,
  OrganisationType: 'COMPANY',
  BaseCurrency: o.BaseCurrency,
  CountryCode: o.CountryCode,
  IsDemoCompany: o.IsDemoCompany,
  OrganisationStatus: 'ACTIVE',
  TaxNumber: o.TaxNumber,
  FinancialYearEndDay: 31,
  FinancialYearEndMonth: 3,
  SalesTaxBasis: 'PAYMENTS',
  SalesTaxPeriod: 'TWOMONTHS',
  DefaultSalesTax: 'Tax Exclusive',
  DefaultPurchasesTax: 'Tax Exclusive',
  ...(o.PeriodLockDate ? { PeriodLockDate: day(o.PeriodLockDate) } : {}),
  ...(o.EndOfYearLockDate ? { EndOfYearLockDate: day(o.EndOfYearLockDate) } : {}),
  CreatedDateUTC: instant(o.createdAt),
  OrganisationEntityType: 'COMPANY',
  Timezone: o.Timezone,
  ShortCode: o.ShortCode,
  OrganisationID: o.OrganisationID,
  Edition: 'BUSINESS',
  Class: o.IsDemoCompany ? 'DEMO' : 'STANDARD',
  Addresses: [],
  Phones: [],
  ExternalLinks: [],
  PaymentTerms: {},
})

/** Accounts, tax rates, tracking: whole lists, never paged. */
function whole<T>(
  name: string,
  rows: (call: ApiCall) => readonly T[],
  fields: Fields<T>,
  element: (row: T, call: ApiCall) => object,
) {
  return (call: ApiCall) => {
    const found = ordered(filtered(rows(call), call.query.text('where'), fields), call.query.text('order'), fields)
    return listed(
      name,
      found.map((row) => element(row, call)),
      call.now,
    )
  }
}

const archivedToo = (call: ApiCall) => call.query.flag('includeArchived') === true
const categories = (call: ApiCall) =>
  [...call.store.trackingCategories.all()].filter((c) => archivedToo(call) || c.Status === 'ACTIVE')
const scopes = opens('read', 'accounting.settings')
const get = (path: string, handle: Route['handle']): Route => ({ method: 'GET', path, scopes, handle })

export const settingsRoutes: readonly Route[] = [
  get(
    '/Accounts',
    whole('Accounts', (call) => [...call.store.accounts.all()], accountFields, accountElement),
  ),
  get('/Accounts/{id}', ({ store, params, now }) => {
    const account =
      store.accounts.get((params.id ?? '').toLowerCase()) ??
      store.accounts.by(store.accountByCode, (params.id ?? '').toLowerCase())
    return account ? listed('Accounts', [accountElement(account)], now) : notFound
  }),
  get(
    '/TaxRates',
    whole('TaxRates', (call) => [...call.store.taxRates.all()], taxFields, taxElement),
  ),
  get('/TaxRates/{id}', ({ store, params, now }) => {
    const rate = store.taxRates.get(params.id ?? '')
    return rate ? listed('TaxRates', [taxElement(rate)], now) : notFound
  }),
  get(
    '/TrackingCategories',
    whole('TrackingCategories', categories, trackingFields, (row, call) => trackingElement(row, archivedToo(call))),
  ),
  get('/TrackingCategories/{id}', (call) => {
    const category = call.store.trackingCategories.get((call.params.id ?? '').toLowerCase())
    return category ? listed('TrackingCategories', [trackingElement(category, true)], call.now) : notFound
  }),
  get('/Organisation', ({ store, now }) => listed('Organisations', [organisationElement(store.organisation)], now)),
  get('/Organisation/Actions', ({ store, now }) => {
    const forbidden = new Set(store.organisation.ForbiddenActions)
    return listed(
      'Actions',
      actions.map((Name) => ({ Name, Status: forbidden.has(Name) ? 'NOT-ALLOWED' : 'ALLOWED' })),
      now,
    )
  }),
  get('/Currencies', ({ store, now }) =>
    listed(
      'Currencies',
      store.organisation.Currencies.map((Code) => ({
        Code,
        Description: new Intl.DisplayNames('en', { type: 'currency' }).of(Code) ?? Code,
      })),
      now,
    ),
  ),
]
