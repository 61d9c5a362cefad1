import type { xeroSettingsStatus } from '@afo/contracts'
import type { z } from 'zod'
import { redirectUriFor, xeroAuthClient } from '../../clients/xero-auth.js'
import type { Handlers, RequestContext } from '../../ports.js'

export const connection = {
  readXeroSettings: async (_input, ctx) => ({ status: 200, body: await status(ctx) }),
  writeXeroSettings: async ({ body, query }, ctx) => {
    const xero = xeroAuthClient(ctx)
    const saved = body.redirectUri ?? (await xero.connection()).redirectUri
    const { uri: redirectUri } = redirectUriFor(ctx, saved, true)
    await xero.saveCredentials({ ...body, redirectUri, force: query.force, by: ctx.caller.name })
    return { status: 200, body: await status(ctx) }
  },
  deleteXeroSettings: async (_input, ctx) => ({
    status: 200,
    body: explained(await xeroAuthClient(ctx).deleteCredentials({ by: ctx.caller.name })),
  }),
  disconnectXero: async (_input, ctx) => ({
    status: 200,
    body: explained(await xeroAuthClient(ctx).disconnect({ by: ctx.caller.name })),
  }),
  listOrganisations: async (_input, ctx) => ({ status: 200, body: await xeroAuthClient(ctx).organisations() }),
  selectOrganisation: async ({ params: { tenantId }, query: { force } }, ctx) => ({
    status: 200,
    body: await xeroAuthClient(ctx).selectOrganisation({ tenantId, force, by: ctx.caller.name }),
  }),
} satisfies Partial<Handlers>

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
    'Disconnected here. At Xero it could not be removed: remove the app there under Settings > Connected apps as well.',
  'not-connected': 'Xero was not connected.',
} as const

const explained = (ended: { disconnected: boolean; xero: keyof typeof words }) => ({
  ...ended,
  message: words[ended.xero],
})
