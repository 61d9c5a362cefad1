import type { Db } from '@afo/db'
import type {
  CallOptions,
  Outcome,
  XeroAccount,
  XeroApi,
  XeroOrganisation,
  XeroTaxRate,
  XeroTrackingCategory,
} from '@afo/xero'

/** What rarely changes in Xero. */
export interface OrganisationReference {
  readonly organisation: XeroOrganisation
  readonly accounts: readonly XeroAccount[]
  readonly taxRates: readonly XeroTaxRate[]
  readonly tracking: readonly XeroTrackingCategory[]
}
type Name = keyof OrganisationReference

/** Reads what is asked for. @throws AppError of what Xero or the way to it did; `notReady` when another organisation is in use by then */
export type ReadReference = <N extends Name>(
  names: readonly N[],
  options: CallOptions,
) => Promise<Pick<OrganisationReference, N>>

/** Kept in Postgres for all services and replicas, and read again when it is older than `maxAgeMs`: one call each. */
export function referenceOf(db: Db, xero: XeroApi, maxAgeMs: number): ReadReference {
  const readers: { readonly [N in Name]: (options: CallOptions) => Promise<Outcome<OrganisationReference[N]>> } = {
    organisation: (options) => xero.organisation.get(options),
    accounts: (options) => xero.accounts.list(options),
    taxRates: (options) => xero.taxRates.list(options),
    tracking: (options) => xero.tracking.list(options),
  }
  return async (names, options) => {
    const { expectOk } = await import('@afo/xero')
    const kept = await db.rpc('sync_reference_read', { p_names: [...names] })
    const found: Record<string, unknown> = {}
    for (const name of names) {
      const row = kept[name]
      if (row && row.ageMs < maxAgeMs) {
        found[name] = row.value
        continue
      }
      const value = expectOk<unknown>(await readers[name](options))
      await db.rpc('sync_reference_write', { p_name: name, p_value: value as never, p_tenant_id: xero.calledFor() })
      found[name] = value
    }
    // Parsed when it came from Xero, and written by nobody else.
    return found as never
  }
}
