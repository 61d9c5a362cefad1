import type { FailureReport, ImportedItem, ItemImport, Settings } from '@afo/contracts'
import type { XeroItem } from '@afo/xero'

/** What the handler needs of the world. */
export interface Ports {
  readonly priceList: {
    /** Every item of the organisation, in one call. @throws AppError of what Xero or the way to it did */
    all(signal: AbortSignal): Promise<readonly XeroItem[]>
  }
  readonly store: {
    /** One transaction: adds, updates, marks and restores. */
    import(items: readonly ImportedItem[]): Promise<ItemImport>
    report(failures: readonly FailureReport[]): Promise<void>
  }
  readonly settings: { read(group: 'sync'): Promise<Settings<'sync'>> }
}
