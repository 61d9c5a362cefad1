import { webhookDelivery } from '@afo/contracts'
import { parse } from '@afo/kit'
import { z } from 'zod'
import { eventsOf, messagesFor } from '../core/webhook.js'
import type { Handlers } from '../ports.js'

const verdict = z.object({ valid: z.boolean() })

/**
 * Xero's notices. xero-auth judges the signature, since the keys never leave the vault. Only signed ones count; unsigned ones get an empty 401, which
 * Xero's intent-to-receive check expects. Publishing comes before remembering: a crash in between makes a repeat, which is harmless, and never a gap.
 * What Xero doesn't tell, the schedules find.
 */
export const webhooks = {
  receiveWebhook: async ({ body }, { store, bus, xeroAuth, req, requestId, signal }) => {
    const raw = body as unknown as Buffer
    const headers = { 'x-xero-signature': req.get('x-xero-signature') ?? '' }
    const { valid } = await xeroAuth.call('POST', '/webhook-signature', verdict, { body: raw, headers, signal })
    if (!valid) return { status: 401 }
    const events = eventsOf(parse(webhookDelivery, parsed(raw), 'body'))
    const fresh = events.length > 0 ? await store.newWebhookEvents(events) : []
    if (fresh.length > 0) {
      await bus.publish(messagesFor(fresh), { correlationId: requestId, causationId: null, tenantId: null })
      await store.rememberWebhookEvents(fresh)
    }
    return { status: 200 }
  },
} satisfies Partial<Handlers>

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}
