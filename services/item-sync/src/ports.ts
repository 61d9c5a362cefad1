import type { FailureReport, ImportedItem, ItemImport, Settings } from '@afo/contracts'
import type { XeroItem } from '@afo/xero'

/** What the handler needs of the world. */
export interface Ports {
  readonly priceList: {
    /** Every item of the organisation, in one call. @throws AppError of what Xero or the way to it did */
    all(signal: AbortSignal): Promise<readonly XeroItem[]>
    /** The organisation that was asked; null before the first call. */
    calledFor(): string | null
  }
  readonly store: {
    /**
     * One transaction: adds, updates, marks and restores.
     * @throws AppError `notReady` when they were read of another organisation than the one in use by now: the work begins anew
     */
    import(items: readonly ImportedItem[], tenantId: string | null): Promise<ItemImport>
    report(failures: readonly FailureReport[]): Promise<void>
  }
  readonly settings: { read(group: 'sync'): Promise<Settings<'sync'>> }
}
