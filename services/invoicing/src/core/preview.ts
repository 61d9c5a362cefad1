import type { BillingSource } from '@afo/contracts'
import type { InvoicePlan } from './plan.js'
import { isHeld } from './plan.js'
import type { Reference } from './reference.js'

/** A plan as it is shown: with the number it would take and the names of its accounts and tax rates. Held ones take no number. */
export function showPlans(
  plans: readonly InvoicePlan[],
  sources: readonly BillingSource[],
  { accounts, taxRates }: Reference,
  series: { readonly prefix: string; readonly width: number; readonly next: number },
) {
  let next = series.next
  const number = (costCenterId: string) =>
    sources.find((source) => source.costCenter.id === costCenterId)?.keptNumber ??
    `${series.prefix}${String(next++).padStart(series.width, '0')}`
  return plans.map(({ client, lines, timesheets, leftOut, ...plan }) => {
    const held = isHeld({ client, lines, timesheets, leftOut, ...plan })
    return {
      ...plan,
      number: held ? null : number(plan.costCenterId),
      held,
      contact: client && { clientId: client.id, name: client.name, contactId: client.contactId },
      timesheets: timesheets.length,
      leftOut,
      lines: lines.map((line) => ({
        ...line,
        accountName: accounts.find((a) => a.code === line.accountCode)?.name ?? null,
        taxName: taxRates.find((r) => r.taxType === line.taxType)?.name ?? null,
      })),
    }
  })
}
