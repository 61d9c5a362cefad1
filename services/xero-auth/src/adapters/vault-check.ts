import type { Db } from '@afo/db'
import { ConfigError, type Vault } from '@afo/kit'

const place = { table: 'app_settings', row: 'vault_check', column: 'value', tenant: '' }

/**
 * Proves at start that the key is the one the stored secrets are sealed with: a wrong key is a refusal to run, not a failure at the next refresh.
 * @throws ConfigError
 */
export async function checkVault(db: Db, vault: Vault): Promise<void> {
  const stored = await db.rpc('sync_vault_check', { p_value: vault.seal('vault', place) })
  try {
    vault.open(stored, place)
  } catch {
    throw new ConfigError([
      'ENCRYPTION_KEY: is not the key that the stored secrets are sealed with. ' +
        'Set the right one, or the old one as ENCRYPTION_KEY_PREVIOUS and run the re-encrypt command',
    ])
  }
}
