import { z } from 'zod'
import { id, instantText } from '../text.js'
import { endpoint, nothing } from './endpoint.js'

/** What Xero posts: thin notices, several organisations mixed. Its `eventType` comes in upper or mixed case. */
export const webhookDelivery = z.object({
  events: z.array(
    z.object({
      resourceId: id,
      eventDateUtc: z.string(),
      eventType: z.string(),
      eventCategory: z.string(),
      tenantId: z.string(),
    }),
  ),
})

/** A notice as we keep it, so that a repeat is known. */
export const webhookEvent = z.object({
  tenantId: z.string(),
  category: z.string(),
  resourceId: id,
  eventType: z.string(),
  eventAt: instantText,
})
export type WebhookEvent = z.infer<typeof webhookEvent>

export const webhookEndpoints = {
  receiveWebhook: endpoint({
    method: 'post',
    path: '/xero/webhooks',
    summary: "Xero's notices, signed",
    tag: 'Xero',
    access: 'public',
    raw: true,
    answers: { 200: nothing, 401: nothing },
  }),
} as const
