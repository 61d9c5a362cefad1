import { redirectUriFor, xeroAuthClient } from '../../clients/xero-auth.js'
import type { Handlers, RequestContext } from '../../ports.js'
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

export const consent = {
  beginConsent: ({ query: { ticket } }, ctx) => forPeople(ctx, () => begin(ctx, ticket)),
  endConsent: ({ query }, ctx) => forPeople(ctx, () => end(ctx, query)),
} satisfies Partial<Handlers>

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
  await ctx.store.audit({
    actor: answer.admin,
    action: 'xero.connect',
    target: answer.outcome === 'connected' ? answer.tenantName : null,
    address: ctx.req.ip ?? null,
    requestId: ctx.requestId,
    details: { outcome: answer.outcome, ...(answer.outcome === 'error' ? { error: answer.error } : {}) },
  })
  const ending: Ending = {
    connected: { xero_connected: 'true' } as const,
    choose: { xero_choose: 'true' } as const,
    error: { xero_error: answer.outcome === 'error' ? answer.error : 'failed' } as const,
  }[answer.outcome]
  return { status: 302, headers: { Location: settingsPage(ctx, ending), 'Set-Cookie': unmarkBrowser(ctx) } }
}
