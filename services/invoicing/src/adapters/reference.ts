import type { Db } from '@afo/db'
import {
  type CallOptions,
  expectOk,
  ianaTimeZone,
  type Outcome,
  type XeroAccount,
  type XeroApi,
  type XeroOrganisation,
  type XeroTaxRate,
  type XeroTrackingCategory,
} from '@afo/xero'
import type { Reference } from '../core/reference.js'

export const referenceNames = ['organisation', 'accounts', 'taxRates', 'tracking'] as const
type Name = (typeof referenceNames)[number]

interface Values {
  readonly organisation: XeroOrganisation
  readonly accounts: readonly XeroAccount[]
  readonly taxRates: readonly XeroTaxRate[]
  readonly tracking: readonly XeroTrackingCategory[]
}

/** What rarely changes in Xero, kept in Postgres for all replicas and read again when it is older than `maxAgeMs`: four calls at most. */
export function createReference(db: Db, xero: XeroApi, maxAgeMs: number, fallbackZone: string) {
  const readers: { readonly [N in Name]: (options: CallOptions) => Promise<Outcome<Values[N]>> } = {
    organisation: (options) => xero.organisation.get(options),
    accounts: (options) => xero.accounts.list(options),
    taxRates: (options) => xero.taxRates.list(options),
    tracking: (options) => xero.tracking.list(options),
  }
  const refresh = async <N extends Name>(name: N, options: CallOptions): Promise<Values[N]> => {
    const value = expectOk(await readers[name](options))
    await db.rpc('sync_reference_write', { p_name: name, p_value: value as never })
    return value
  }
  return async (options: Pick<CallOptions, 'priority' | 'signal'>): Promise<Reference> => {
    const kept = await db.rpc('sync_reference_read', { p_names: [...referenceNames] })
    // What is kept was written by `refresh`, parsed when it came from Xero.
    const value = async <N extends Name>(name: N): Promise<Values[N]> => {
      const row = kept[name]
      return row && row.ageMs < maxAgeMs ? (row.value as unknown as Values[N]) : refresh(name, options)
    }
    const organisation = await value('organisation')
    return {
      organisation,
      timeZone: ianaTimeZone(organisation.timezone) ?? fallbackZone,
      accounts: await value('accounts'),
      taxRates: await value('taxRates'),
      tracking: await value('tracking'),
    }
  }
}
