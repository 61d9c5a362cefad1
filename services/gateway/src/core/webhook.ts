import type { NewMessage, WebhookEvent, webhookDelivery } from '@afo/contracts'
import { derivedId } from '@afo/kit'
import type { z } from 'zod'

type Delivery = z.infer<typeof webhookDelivery>

/** The notices that mean work here, in one spelling, each once. */
export function eventsOf({ events }: Delivery): WebhookEvent[] {
  const known = events.flatMap(({ tenantId, resourceId, eventCategory, eventType, eventDateUtc }) => {
    const category = eventCategory.toUpperCase()
    const at = Date.parse(/[zZ]|[+-]\d\d:\d\d$/.test(eventDateUtc) ? eventDateUtc : `${eventDateUtc}Z`)
    if ((category !== 'CONTACT' && category !== 'INVOICE') || Number.isNaN(at)) return []
    return [{ tenantId, category, resourceId, eventType: eventType.toUpperCase(), eventAt: new Date(at).toISOString() }]
  })
  return [...new Map(known.map((event) => [idOf(event), event])).values()]
}

// As many as contact-sync takes up at once.
const MOST_PER_MESSAGE = 400

/** What to ask the services for: changed contacts are pulled, changed invoices are checked for payments. A repeat of the same notices has the same ids. */
export function messagesFor(events: readonly WebhookEvent[]): NewMessage[] {
  return (['CONTACT', 'INVOICE'] as const).flatMap((category) =>
    batches(
      events.filter((event) => event.category === category),
      MOST_PER_MESSAGE,
    ).map((batch): NewMessage => {
      const ids = [...new Set(batch.map(({ resourceId }) => resourceId))]
      const common = {
        key: ids[0] ?? '',
        id: derivedId('webhook', ...batch.map(idOf)),
        tenantId: batch[0]?.tenantId ?? '',
      }
      return category === 'CONTACT'
        ? { ...common, name: 'contacts.pull', body: { contactIds: ids, changedAt: latest(batch) } }
        : { ...common, name: 'payments.check', body: { xeroInvoiceIds: ids } }
    }),
  )
}

/** Of each thing its latest change. */
const latest = (batch: readonly WebhookEvent[]) =>
  Object.fromEntries(
    batch.map((event) => [event.resourceId, event.eventAt]).sort(([, a = ''], [, b = '']) => (a < b ? -1 : 1)),
  )

const idOf = ({ tenantId, category, resourceId, eventType, eventAt }: WebhookEvent) =>
  derivedId(tenantId, category, resourceId, eventType, eventAt)

function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}
