import type { Account, TaxRate } from '../store/types.js'

type ClassOf = Account['Class']

/** Code, name, type, tax type, class; as in Xero's demo company (NZ). */
const chart: readonly (readonly [
  string,
  string,
  string,
  string,
  ClassOf,
  { system?: string; bank?: string; payments?: boolean }?,
])[] = [
  ['090', 'Business Bank Account', 'BANK', 'NONE', 'ASSET', { bank: '0209087654321050' }],
  ['091', 'Business Savings Account', 'BANK', 'NONE', 'ASSET', { bank: '0209087654321051' }],
  ['200', 'Sales', 'REVENUE', 'OUTPUT2', 'REVENUE'],
  ['205', 'Sales - Materials', 'REVENUE', 'OUTPUT2', 'REVENUE'],
  ['210', 'Sales - Labour', 'SALES', 'OUTPUT2', 'REVENUE'],
  ['220', 'Sales - Export', 'REVENUE', 'ZERORATED', 'REVENUE'],
  ['260', 'Other Revenue', 'OTHERINCOME', 'OUTPUT2', 'REVENUE'],
  ['270', 'Interest Income', 'REVENUE', 'NONE', 'REVENUE'],
  ['300', 'Purchases', 'DIRECTCOSTS', 'INPUT2', 'EXPENSE'],
  ['310', 'Cost of Goods Sold', 'DIRECTCOSTS', 'INPUT2', 'EXPENSE'],
  ['320', 'Subcontractors', 'DIRECTCOSTS', 'INPUT2', 'EXPENSE'],
  ['400', 'Advertising', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['404', 'Bank Fees', 'EXPENSE', 'NONE', 'EXPENSE'],
  ['408', 'Cleaning', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['412', 'Consulting & Accounting', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['420', 'Entertainment', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['425', 'Freight & Courier', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['429', 'General Expenses', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['433', 'Insurance', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['445', 'Light, Power, Heating', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['449', 'Motor Vehicle Expenses', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['453', 'Office Expenses', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['469', 'Rent', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['477', 'Salaries', 'EXPENSE', 'NONE', 'EXPENSE'],
  ['489', 'Telephone & Internet', 'EXPENSE', 'INPUT2', 'EXPENSE'],
  ['610', 'Accounts Receivable', 'CURRENT', 'NONE', 'ASSET', { system: 'DEBTORS' }],
  ['620', 'Prepayments', 'CURRENT', 'NONE', 'ASSET'],
  ['630', 'Inventory', 'INVENTORY', 'NONE', 'ASSET'],
  ['710', 'Office Equipment', 'FIXED', 'INPUT2', 'ASSET'],
  ['800', 'Accounts Payable', 'CURRLIAB', 'NONE', 'LIABILITY', { system: 'CREDITORS' }],
  ['801', 'Unpaid Expense Claims', 'CURRLIAB', 'NONE', 'LIABILITY', { system: 'UNPAIDEXPCLM' }],
  ['820', 'GST', 'CURRLIAB', 'NONE', 'LIABILITY', { system: 'GST' }],
  ['840', 'Historical Adjustment', 'CURRLIAB', 'NONE', 'LIABILITY', { system: 'HISTORICAL' }],
  ['860', 'Rounding', 'CURRLIAB', 'NONE', 'LIABILITY', { system: 'ROUNDING' }],
  ['877', 'Tracking Transfers', 'CURRLIAB', 'NONE', 'LIABILITY', { system: 'TRACKINGTRANSFERS' }],
  ['960', 'Retained Earnings', 'EQUITY', 'NONE', 'EQUITY', { system: 'RETAINEDEARNINGS' }],
  ['970', 'Owner A Funds Introduced', 'EQUITY', 'NONE', 'EQUITY', { payments: true }],
]

/** Sold nothing for years, so it was put away; invoices that name it are refused. */
const archived = new Set(['205'])

export const seedAccounts = (idOf: (code: string) => string, now: number): Account[] =>
  chart.map(([Code, Name, Type, TaxType, Class, { system, bank, payments } = {}]) => ({
    AccountID: idOf(Code),
    Code,
    Name,
    Type,
    TaxType,
    Status: archived.has(Code) ? 'ARCHIVED' : 'ACTIVE',
    Class,
    SystemAccount: system,
    BankAccountNumber: bank,
    EnablePaymentsToAccount: payments ?? false,
    updatedAt: now,
  }))

const everything: readonly ClassOf[] = ['ASSET', 'EQUITY', 'EXPENSE', 'LIABILITY', 'REVENUE']
const selling: readonly ClassOf[] = ['ASSET', 'EQUITY', 'LIABILITY', 'REVENUE']
const buying: readonly ClassOf[] = ['ASSET', 'EQUITY', 'EXPENSE', 'LIABILITY']

export const seedTaxRates = (country: 'NZ' | 'AU', now: number): TaxRate[] => {
  const [sales, purchases, rate] =
    country === 'NZ' ? (['OUTPUT2', 'INPUT2', '15'] as const) : (['OUTPUT', 'INPUT', '10'] as const)
  const row = (
    TaxType: string,
    Name: string,
    Rate: string,
    ReportTaxType: string,
    CanApplyTo: readonly ClassOf[],
    Status: TaxRate['Status'] = 'ACTIVE',
  ): TaxRate => ({
    TaxType,
    Name,
    Status,
    ReportTaxType,
    CanApplyTo,
    Rate,
    updatedAt: now,
  })
  return [
    row(sales, country === 'NZ' ? '15% GST on Income' : 'GST on Income', rate, 'OUTPUT', selling),
    row(purchases, country === 'NZ' ? '15% GST on Expenses' : 'GST on Expenses', rate, 'INPUT', buying),
    row('ZERORATED', 'Zero Rated', '0', 'ZERORATEDOUTPUT', selling),
    row('EXEMPTOUTPUT', 'Exempt Income', '0', 'EXEMPTOUTPUT', selling),
    row('NONE', 'No GST', '0', 'NONE', everything),
    row('GSTONIMPORTS', 'GST on Imports', '0', 'GSTONIMPORTS', buying),
    row('TAX001', '12.5% GST on Income (old)', '12.5', 'OUTPUT', selling, 'ARCHIVED'),
  ]
}
