import { z } from 'zod'
import { redirectUriFor, xeroAuthClient } from '../../clients/xero-auth.js'
import { nothing, type RequestContext, route } from '../../http/route.js'
import {
  browserMark,
  type Ending,
  forPeople,
  linkExpired,
  markBrowser,
  type Redirect,
  settingsPage,
  unmarkBrowser,
} from './browser.js'
import { takeTicket } from './ticket.js'

const CONSENT_MS = 600_000

const ticketText = z.string().regex(/^[\w-]{43}$/, 'is not a ticket')

export const consentRoutes = [
  route({
    method: 'get',
    path: '/xero/auth',
    summary: "Sends the browser to Xero's consent page",
    tag: 'Connection',
    access: 'public',
    rate: 'auth',
    query: z.strictObject({ ticket: ticketText }),
    answers: { 302: nothing, 303: nothing },
    handle: ({ query: { ticket } }, ctx) => forPeople(ctx, () => begin(ctx, ticket)),
  }),
  route({
    method: 'get',
    path: '/xero/callback',
    summary: 'Where Xero sends the browser back to',
    tag: 'Connection',
    access: 'public',
    rate: 'auth',
    // The provider may add parameters of its own.
    query: z.record(z.string().max(100), z.string().max(4_000)),
    answers: { 302: nothing, 303: nothing },
    handle: ({ query }, ctx) => forPeople(ctx, () => end(ctx, query)),
  }),
]

async function begin(ctx: RequestContext, ticket: string): Promise<Redirect> {
  const xero = xeroAuthClient(ctx)
  const { redirectUri: saved } = await xero.connection()
  const { uri: redirectUri } = redirectUriFor(ctx, saved, true)
  const { hostname, origin } = new URL(redirectUri)
  // The cookie must come back to the name that Xero sends the browser to, and Xero takes loopback by that name alone.
  if (hostname === 'localhost' && ctx.req.hostname !== 'localhost') {
    return { status: 302, headers: { Location: `${origin}/xero/auth?ticket=${ticket}` } }
  }
  const admin = await takeTicket(ctx, ticket)
  if (admin === null) throw linkExpired()
  const { value: browser, header } = markBrowser(ctx, CONSENT_MS)
  const { url } = await xero.authorize({ admin, browser, redirectUri })
  return { status: 302, headers: { Location: url, 'Set-Cookie': header } }
}

async function end(ctx: RequestContext, params: Record<string, string>): Promise<Redirect> {
  const answer = await xeroAuthClient(ctx).callback({ params, browser: browserMark(ctx) })
  await ctx.db.rpc('sync_audit', {
    p_entry: {
      actor: answer.admin,
      action: 'xero.connect',
      target: answer.outcome === 'connected' ? answer.tenantName : null,
      address: ctx.req.ip ?? null,
      requestId: ctx.requestId,
      details: { outcome: answer.outcome, ...(answer.outcome === 'error' ? { error: answer.error } : {}) },
    },
  })
  const ending: Ending = {
    connected: { xero_connected: 'true' } as const,
    choose: { xero_choose: 'true' } as const,
    error: { xero_error: answer.outcome === 'error' ? answer.error : 'failed' } as const,
  }[answer.outcome]
  return { status: 302, headers: { Location: settingsPage(ctx, ending), 'Set-Cookie': unmarkBrowser(ctx) } }
}
