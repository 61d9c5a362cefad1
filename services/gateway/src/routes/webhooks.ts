import { webhookDelivery } from '@afo/contracts'
import { parse } from '@afo/kit'
import { z } from 'zod'
import { eventsOf, messagesFor } from '../core/webhook.js'
import { nothing, route } from '../http/route.js'

const verdict = z.object({ valid: z.boolean() })

/**
 * Xero's notices. xero-auth judges the signature, since the keys never leave the vault. Only signed ones count; unsigned ones get an empty 401, which Xero's intent-to-receive check expects. Publishing comes before remembering:
 * a crash in between makes a repeat, which is harmless, and never a gap. What Xero doesn't tell, the schedules find.
 */
export const webhooks = [
  route({
    method: 'post',
    path: '/xero/webhooks',
    summary: "Xero's notices, signed",
    tag: 'Xero',
    access: 'public',
    raw: true,
    answers: { 200: nothing, 401: nothing },
    handle: async ({ body }, { db, bus, xeroAuth, req, requestId, signal }) => {
      const raw = body as unknown as Buffer
      const signature = { 'x-xero-signature': req.get('x-xero-signature') ?? '' }
      const { valid } = await xeroAuth.call('POST', '/webhook-signature', verdict, {
        body: raw,
        headers: signature,
        signal,
      })
      if (!valid) return { status: 401 }
      const delivery = parse(webhookDelivery, parsed(raw), 'body')
      const events = eventsOf(delivery)
      const fresh = events.length > 0 ? await db.rpc('sync_webhook_new', { p_events: events }) : []
      if (fresh.length > 0) {
        await bus.publish(messagesFor(fresh), { correlationId: requestId, causationId: null, tenantId: null })
        await db.rpc('sync_webhook_seen', { p_events: fresh })
      }
      return { status: 200 }
    },
  }),
]

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}
