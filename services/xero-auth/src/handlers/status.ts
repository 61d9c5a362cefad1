import { xeroAuth } from '@afo/contracts'
import type { z } from 'zod'
import { daysLeft, missingScopes } from '../core/health.js'
import type { Ports } from '../ports.js'

/** What a person may know about the connection: never a secret, of the client id the last four digits. */
export async function status({ store, credentials, identity, times }: Ports) {
  const [{ current, pending, secretRefused }, app, redirectUri, webhookKeys] = await Promise.all([
    store.read(),
    credentials.read(),
    credentials.redirectUri(),
    credentials.webhookKeys(),
  ])
  const live = current?.tokens && !secretRefused ? current : null
  const shown = {
    connected: live !== null,
    tenantId: current?.tenantId ?? null,
    tenantName: current?.tenantName ?? null,
    redirectUri,
    credentialsSaved: app !== null,
    source: app?.source ?? 'none',
    clientIdLast4: app?.clientId.slice(-4) ?? null,
    webhookKeySaved: webhookKeys.length > 0,
    scopes: [...(live?.scopes.length ? live.scopes : identity.scopes)],
    missingScopes: live?.scopes.length ? missingScopes(identity.scopes, live.scopes) : [],
    choiceNeeded: pending !== null,
    disconnectedReason: current?.disconnectedReason ?? (secretRefused ? 'secret-refused' : null),
    tokenHealth: live && { ...live, daysLeft: daysLeft(live.refreshedAgoMs, times.dayMs) },
  } satisfies z.input<typeof xeroAuth.connection.answer>
  // The contract names what may be seen; the connection holds more.
  return xeroAuth.connection.answer.parse(shown)
}
