import type { OrganisationChange } from '@afo/contracts'
import type { Account, Reference, TaxRate, TrackingCategory } from './organisation.js'

/** What is compared of each kind, and how a thing of it is called. */
const kinds = {
  organisation: (of: Reference['organisation']) => [
    {
      what: 'Organisation',
      currency: of.baseCurrency,
      'period locked until': of.periodLockDate,
      'year locked until': of.endOfYearLockDate,
    },
  ],
  accounts: (of: readonly Account[]) =>
    of
      .filter(({ code }) => code !== null)
      .map(({ code, name, status, type, taxType }) => ({ what: `Account ${code}`, name, status, type, tax: taxType })),
  taxRates: (of: readonly TaxRate[]) =>
    of.map(({ taxType, name, status, effectiveRate, canApplyToRevenue }) => ({
      what: `Tax rate ${taxType}`,
      name,
      status,
      percent: effectiveRate,
      'for sales': canApplyToRevenue ? 'yes' : 'no',
    })),
  tracking: (of: readonly TrackingCategory[]) =>
    of.flatMap(({ name, status, options }) => [
      { what: `Tracking ${name}`, status },
      ...options.map((option) => ({ what: `Tracking ${name}: ${option.name}`, status: option.status })),
    ]),
} as const

type Thing = Readonly<Record<string, string | null>> & { readonly what: string }

/** What somebody changed in Xero of that which invoices depend on, field by field; what is new or gone has no `was` or no `is`. */
export function organisationChanges(
  name: keyof typeof kinds,
  previous: unknown,
  current: unknown,
): readonly OrganisationChange[] {
  // Kept as they were parsed when they came from Xero.
  const things = (value: unknown) =>
    new Map((kinds[name] as (of: unknown) => Thing[])(value).map((thing) => [thing.what, thing] as const))
  const [before, after] = [things(previous), things(current)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((what): OrganisationChange[] => {
    const [was, is] = [before.get(what), after.get(what)]
    if (!was || !is) return [{ what, field: null, was: was ? 'there' : null, is: is ? 'there' : null }]
    return Object.keys(is)
      .filter((field) => was[field] !== is[field])
      .map((field) => ({ what, field, was: was[field] ?? null, is: is[field] ?? null }))
  })
}
