import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Handlers, RequestContext } from '../../ports.js'

const TICKET_MS = 60_000

const kept = z.strictObject({ admin: z.string() })
const keyOf = (ticket: string) => `xero-ticket:${createHash('sha256').update(ticket).digest('hex')}`

/** A browser follows a link without a header: the ticket carries the admin's word to it, once. */
export const ticket = {
  createConnectTicket: async (_input, { bus, scale, caller }) => {
    const ticket = randomBytes(32).toString('base64url')
    const lifeMs = scale.ms(TICKET_MS, 10_000)
    await bus.ephemeral.put(keyOf(ticket), JSON.stringify({ admin: caller.name }), lifeMs)
    return {
      status: 200,
      body: { ticket, url: `/xero/auth?ticket=${ticket}`, expiresInSeconds: Math.floor(lifeMs / 1000) },
    }
  },
} satisfies Partial<Handlers>

/** Whose ticket it is; null for one that is unknown, used or too old. */
export async function takeTicket({ bus }: RequestContext, ticket: string): Promise<string | null> {
  const found = await bus.ephemeral.take(keyOf(ticket))
  return found === null ? null : kept.parse(JSON.parse(found)).admin
}
