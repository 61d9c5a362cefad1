import {
  forceQuery,
  xeroSettingsStatus as statusShape,
  xeroDisconnected,
  xeroOrganisation,
  xeroOrganisations,
  xeroSettingsBody,
  type xeroSettingsStatus,
} from '@afo/contracts'
import { z } from 'zod'
import { redirectUriFor, xeroAuthClient } from '../../clients/xero-auth.js'
import { type RequestContext, route } from '../../http/route.js'

const described = { tag: 'Connection' } as const

export const connectionRoutes = [
  route({
    ...described,
    method: 'get',
    path: '/admin/settings/xero/status',
    summary: 'Whether Xero is connected, to which organisation, and how long it lasts',
    access: 'reader',
    answers: { 200: statusShape },
    handle: async (_input, ctx) => ({ status: 200, body: await status(ctx) }),
  }),
  route({
    ...described,
    method: 'post',
    path: '/admin/settings/xero',
    summary: 'Save the client id and secret of your Xero app',
    access: 'admin',
    commanding: true,
    audit: 'settings.xero',
    body: xeroSettingsBody,
    query: forceQuery,
    answers: { 200: statusShape },
    handle: async ({ body, query }, ctx) => {
      const xero = xeroAuthClient(ctx)
      const saved = body.redirectUri ?? (await xero.connection()).redirectUri
      const { uri: redirectUri } = redirectUriFor(ctx, saved, true)
      await xero.saveCredentials({ ...body, redirectUri, force: query.force, by: ctx.caller.name })
      return { status: 200, body: await status(ctx) }
    },
  }),
  route({
    ...described,
    method: 'delete',
    path: '/admin/settings/xero',
    summary: 'Forget the credentials and the connection',
    access: 'admin',
    audit: 'settings.xero.delete',
    answers: { 200: xeroDisconnected },
    handle: async (_input, ctx) => ({
      status: 200,
      body: explained(await xeroAuthClient(ctx).deleteCredentials({ by: ctx.caller.name })),
    }),
  }),
  route({
    ...described,
    method: 'post',
    path: '/xero/disconnect',
    summary: 'End the connection, here and at Xero',
    access: 'admin',
    commanding: true,
    audit: 'xero.disconnect',
    answers: { 200: xeroDisconnected },
    handle: async (_input, ctx) => ({
      status: 200,
      body: explained(await xeroAuthClient(ctx).disconnect({ by: ctx.caller.name })),
    }),
  }),
  route({
    ...described,
    method: 'get',
    path: '/admin/xero/organisations',
    summary: 'The organisations that the consent covers',
    access: 'reader',
    answers: { 200: xeroOrganisations },
    handle: async (_input, ctx) => ({ status: 200, body: await xeroAuthClient(ctx).organisations() }),
  }),
  route({
    ...described,
    method: 'post',
    path: '/admin/xero/organisations/:tenantId/select',
    summary: 'Work with this organisation',
    access: 'admin',
    commanding: true,
    audit: 'xero.select-organisation',
    params: z.strictObject({ tenantId: z.string().min(1).max(100) }),
    query: forceQuery,
    answers: { 200: xeroOrganisation },
    handle: async ({ params: { tenantId }, query: { force } }, ctx) => ({
      status: 200,
      body: await xeroAuthClient(ctx).selectOrganisation({ tenantId, force, by: ctx.caller.name }),
    }),
  }),
]

async function status(ctx: RequestContext): Promise<z.input<typeof xeroSettingsStatus>> {
  const { redirectUri: saved, tokenHealth, ...found } = await xeroAuthClient(ctx).connection()
  const { uri, shift } = redirectUriFor(ctx, saved, false)
  return {
    connected: found.connected,
    tenant_name: found.tenantName,
    tenant_id: found.tenantId,
    redirect_uri: uri,
    redirect_uri_shift: shift && saved !== null ? { from: saved, why: shift } : null,
    credentials_saved: found.credentialsSaved,
    source: found.source,
    client_id_last4: found.clientIdLast4,
    webhook_key_saved: found.webhookKeySaved,
    scopes: found.scopes,
    missing_scopes: found.missingScopes,
    choice_needed: found.choiceNeeded,
    disconnected_reason: found.disconnectedReason,
    token_health: tokenHealth && {
      expires_at: tokenHealth.expiresAt,
      refreshed_at: tokenHealth.refreshedAt,
      days_left: tokenHealth.daysLeft,
      connected_by: tokenHealth.connectedBy,
      connected_at: tokenHealth.connectedAt,
    },
  }
}

const words = {
  removed: 'Disconnected, here and at Xero.',
  'gone-already': 'Disconnected. At Xero the connection was gone already.',
  unreachable:
    'Disconnected here. Xero could not be reached: remove the app there under Settings > Connected apps as well.',
  'not-connected': 'Xero was not connected.',
} as const

const explained = (ended: { disconnected: boolean; xero: keyof typeof words }) => ({
  ...ended,
  message: words[ended.xero],
})
