/** An account of the chart, as far as a sale needs to know it. */
export interface Account {
  readonly code: string | null
  readonly name: string | null
  readonly type: string | null
  readonly status: string | null
  readonly taxType: string | null
  readonly systemAccount: string | null
}

/** `effectiveRate` is in percent. */
export interface TaxRate {
  readonly taxType: string
  readonly name: string | null
  readonly status: string | null
  readonly effectiveRate: string
  readonly canApplyToRevenue: boolean
}

export interface TrackingCategory {
  readonly name: string | null
  readonly status: string | null
  readonly options: readonly { readonly name: string | null; readonly status: string | null }[]
}

/** What a plan needs to know of the organisation that is connected. */
export interface Reference {
  readonly organisation: {
    readonly baseCurrency: string | null
    readonly periodLockDate: string | null
    readonly endOfYearLockDate: string | null
  }
  /** IANA name of the organisation's time zone. */
  readonly timeZone: string
  readonly accounts: readonly Account[]
  readonly taxRates: readonly TaxRate[]
  readonly tracking: readonly TrackingCategory[]
}

const revenueTypes: readonly (string | null)[] = ['REVENUE', 'SALES', 'OTHERINCOME']

/** Accounts that a sale may be booked to: ACTIVE, of a revenue type, not one of the system's own. */
export const canTakeSales = (account: Account): boolean =>
  account.status === 'ACTIVE' && revenueTypes.includes(account.type) && !account.systemAccount && account.code !== null

export const canTaxSales = (rate: TaxRate): boolean => rate.status === 'ACTIVE' && rate.canApplyToRevenue

/** Documents dated on or before this day are refused; null where nothing is locked. */
export function lockedUntil({ periodLockDate, endOfYearLockDate }: Reference['organisation']): string | null {
  const dates = [periodLockDate, endOfYearLockDate].filter((date) => date !== null).sort()
  return dates.at(-1) ?? null
}

/** "Option" or "Category: Option" among the active ones; null where there is none, or more than one. */
export function findTracking(
  wanted: string,
  categories: readonly TrackingCategory[],
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
