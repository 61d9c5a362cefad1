import type { Db } from '@afo/db'
import { ConfigError, type Log, sleep, toAppError, type Vault } from '@afo/kit'

const place = { table: 'app_settings', row: 'vault_check', column: 'value', tenant: '' }

/**
 * Proves at start that the key is the one the stored secrets are sealed with: a wrong key is a refusal to run, not a failure at the next refresh.
 * Waits for a database that isn't there yet.
 * @throws ConfigError
 */
export async function checkVault(db: Db, vault: Vault, log: Log, signal: AbortSignal): Promise<void> {
  try {
    vault.open(await db.rpc('sync_vault_check', { p_value: vault.seal('vault', place) }), place)
  } catch (thrown) {
    const err = toAppError(thrown)
    if (err.code === 'vault-unreadable') throw new ConfigError([wrongKey])
    if (err.kind !== 'unavailable' || signal.aborted) throw err
    log.warn({ err }, 'waiting for the database')
    await sleep(1_000, signal)
    return checkVault(db, vault, log, signal)
  }
}

const wrongKey =
  'ENCRYPTION_KEY: is not the key that the stored secrets are sealed with. ' +
  'Set the right one, or the old one as ENCRYPTION_KEY_PREVIOUS and run the re-encrypt command'
