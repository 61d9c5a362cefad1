import type { XeroAccount, XeroOrganisation, XeroTaxRate, XeroTrackingCategory } from '@afo/xero'

/** What a plan needs to know of the organisation. */
export interface Reference {
  readonly organisation: XeroOrganisation
  /** IANA name of the organisation's time zone. */
  readonly timeZone: string
  readonly accounts: readonly XeroAccount[]
  readonly taxRates: readonly XeroTaxRate[]
  readonly tracking: readonly XeroTrackingCategory[]
}

const revenueTypes: readonly (string | null)[] = ['REVENUE', 'SALES', 'OTHERINCOME']

/** Accounts that a sale may be booked to: ACTIVE, of a revenue type, not one of the system's own. */
export const canTakeSales = (account: XeroAccount): boolean =>
  account.status === 'ACTIVE' && revenueTypes.includes(account.type) && !account.systemAccount && account.code !== null

export const canTaxSales = (rate: XeroTaxRate): boolean => rate.status === 'ACTIVE' && rate.canApplyToRevenue

/** Documents dated on or before this day are refused; null where nothing is locked. */
export function lockedUntil({ periodLockDate, endOfYearLockDate }: XeroOrganisation): string | null {
  const dates = [periodLockDate, endOfYearLockDate].filter((date) => date !== null).sort()
  return dates.at(-1) ?? null
}

/** "Option" or "Category: Option" among the active ones; null where there is none, or more than one. */
export function findTracking(
  wanted: string,
  categories: readonly XeroTrackingCategory[],
): { name: string; option: string } | null {
  const options = categories
    .filter((category) => category.status === 'ACTIVE')
    .flatMap(({ name, options }) =>
      options.flatMap((option) =>
        name && option.name && (option.status ?? 'ACTIVE') === 'ACTIVE' ? [{ name, option: option.name }] : [],
      ),
    )
  const found = options.filter(({ name, option }) => option === wanted || `${name}: ${option}` === wanted)
  return found.length === 1 ? (found[0] ?? null) : null
}
