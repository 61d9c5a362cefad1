import { soldItems } from '@afo/billing'
import type { JobHandler } from '@afo/service'
import { refusals, summarise } from '../core/price-list.js'
import type { Ports } from '../ports.js'

/** items.import: the whole list, since an item that is gone shows only by its absence. Costs one call. */
export const importItems =
  ({ priceList, store, settings }: Ports): JobHandler<'items.import'> =>
  async (message, { signal, progress }) => {
    if (!(await settings.read('sync')).items) return { result: { summary: 'Items are switched off in the settings' } }
    const items = soldItems(await priceList.all(signal))
    await progress(0, items.length)
    const { refused, ...counts } = await store.import(items, priceList.calledFor())
    if (refused.length > 0) await store.report(refusals(refused, message.id))
    await progress(items.length, items.length)
    return { result: { ...counts, items: items.length, failed: refused.length, summary: summarise(counts) } }
  }
