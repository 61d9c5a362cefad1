import type { Db } from '@afo/db'
import type { Vault } from '@afo/kit'
import { secretSettings } from '@afo/service'
import type { Config } from '../config.js'
import type { CredentialStore } from '../ports.js'

const keys = [
  'xero_client_id',
  'xero_client_secret',
  'xero_redirect_uri',
  'xero_webhook_key',
  'xero_webhook_key_previous',
] as const

/** Credentials in `app_settings`; what isn't there comes from the environment. */
export function createCredentialStore(db: Db, vault: Vault, config: Config): CredentialStore {
  const saved = secretSettings(db, vault, keys)
  return {
    async read() {
      const { xero_client_id: id, xero_client_secret: secret } = await saved.read()
      if (id && secret) return { clientId: id.reveal(), clientSecret: secret, source: 'database' }
      const { XERO_CLIENT_ID: clientId, XERO_CLIENT_SECRET: clientSecret } = config
      return clientId && clientSecret ? { clientId, clientSecret, source: 'environment' } : null
    },
    redirectUri: async () => (await saved.read()).xero_redirect_uri?.reveal() ?? config.XERO_REDIRECT_URI ?? null,
    async webhookKeys() {
      const { xero_webhook_key: key, xero_webhook_key_previous: previous } = await saved.read()
      const found = key ? [key, previous] : [config.XERO_WEBHOOK_KEY, config.XERO_WEBHOOK_KEY_PREVIOUS]
      return found.filter((one) => one !== undefined)
    },
    async save({ clientId, clientSecret, redirectUri, webhookKey }) {
      const before = webhookKey === undefined ? undefined : (await saved.read()).xero_webhook_key?.reveal()
      await saved.write(
        {
          xero_client_id: clientId,
          xero_client_secret: clientSecret,
          ...(redirectUri === undefined ? {} : { xero_redirect_uri: redirectUri }),
          ...(webhookKey === undefined ? {} : { xero_webhook_key: webhookKey }),
          ...(before === undefined || before === webhookKey ? {} : { xero_webhook_key_previous: before }),
        },
        ['xero_redirect_uri'],
      )
    },
    saveRedirectUri: (uri) => saved.write({ xero_redirect_uri: uri }, ['xero_redirect_uri']),
    clear: () => saved.write(Object.fromEntries(keys.map((key) => [key, null]))),
  }
}
