import type { Db } from '@afo/db'
import { Secret, type Vault } from '@afo/kit'
import type { Config } from '../config.js'
import type { CredentialStore } from '../ports.js'

const keys = [
  'xero_client_id',
  'xero_client_secret',
  'xero_redirect_uri',
  'xero_webhook_key',
  'xero_webhook_key_previous',
] as const
type Key = (typeof keys)[number]

const place = (key: Key) => ({ table: 'app_settings', row: key, column: 'value', tenant: '' })

/** Credentials in `app_settings`; what isn't there comes from the environment. */
export function createCredentialStore(db: Db, vault: Vault, config: Config): CredentialStore {
  async function stored(): Promise<Partial<Record<Key, Secret>>> {
    const rows = await db.rpc('sync_settings_read', { p_keys: [...keys] })
    return Object.fromEntries(
      keys.flatMap((key) => {
        const row = rows[key]
        if (!row || row.value === null) return []
        return [[key, new Secret(row.encrypted ? vault.open(row.value, place(key)) : row.value)]]
      }),
    )
  }
  const sealed = (key: Key, value: string) => ({ key, value: vault.seal(value, place(key)), encrypted: true })

  return {
    async read() {
      const saved = await stored()
      if (saved.xero_client_id && saved.xero_client_secret) {
        return { clientId: saved.xero_client_id.reveal(), clientSecret: saved.xero_client_secret, source: 'database' }
      }
      const { XERO_CLIENT_ID: clientId, XERO_CLIENT_SECRET: clientSecret } = config
      return clientId && clientSecret ? { clientId, clientSecret, source: 'environment' } : null
    },
    redirectUri: async () => (await stored()).xero_redirect_uri?.reveal() ?? config.XERO_REDIRECT_URI ?? null,
    async webhookKeys() {
      const saved = await stored()
      const found = saved.xero_webhook_key
        ? [saved.xero_webhook_key, saved.xero_webhook_key_previous]
        : [config.XERO_WEBHOOK_KEY, config.XERO_WEBHOOK_KEY_PREVIOUS]
      return found.filter((key) => key !== undefined)
    },
    async save({ clientId, clientSecret, redirectUri, webhookKey }) {
      const before = webhookKey === undefined ? undefined : (await stored()).xero_webhook_key
      await db.rpc('sync_settings_write', {
        p_settings: [
          sealed('xero_client_id', clientId),
          sealed('xero_client_secret', clientSecret),
          ...(redirectUri === undefined ? [] : [{ key: 'xero_redirect_uri', value: redirectUri }]),
          ...(webhookKey === undefined ? [] : [sealed('xero_webhook_key', webhookKey)]),
          ...(before === undefined || before.reveal() === webhookKey
            ? []
            : [sealed('xero_webhook_key_previous', before.reveal())]),
        ],
      })
    },
    async saveRedirectUri(uri) {
      await db.rpc('sync_settings_write', { p_settings: [{ key: 'xero_redirect_uri', value: uri }] })
    },
    async clear() {
      await db.rpc('sync_settings_write', { p_settings: keys.map((key) => ({ key, value: null })) })
    },
  }
}
