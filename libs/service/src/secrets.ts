import type { Db } from '@afo/db'
import { Secret, type Vault } from '@afo/kit'

/** Secrets among the settings, sealed on the way in and opened on the way out; for the one service that has the vault. */
export interface SecretSettings<K extends string> {
  /** Those that are saved. @throws AppError `vault-unreadable` */
  read(): Promise<Partial<Record<K, Secret>>>
  /** Null removes one, what is left out stays. `plain`: saved as it is. */
  write(values: Partial<Record<K, string | null>>, plain?: readonly K[]): Promise<void>
}

const place = (key: string) => ({ table: 'app_settings', row: key, column: 'value', tenant: '' })

export const secretSettings = <K extends string>(db: Db, vault: Vault, keys: readonly K[]): SecretSettings<K> => ({
  async read() {
    const rows = await db.rpc('sync_settings_read', { p_keys: [...keys] })
    const found = keys.flatMap((key) => {
      const row = rows[key]
      if (!row || row.value === null) return []
      return [[key, new Secret(row.encrypted ? vault.open(row.value, place(key)) : row.value)]]
    })
    return Object.fromEntries(found) as Partial<Record<K, Secret>>
  },
  async write(values, plain = []) {
    const settings = keys.flatMap((key) => {
      const value = values[key]
      if (value === undefined) return []
      return value === null || plain.includes(key)
        ? [{ key, value }]
        : [{ key, value: vault.seal(value, place(key)), encrypted: true }]
    })
    if (settings.length > 0) await db.rpc('sync_settings_write', { p_settings: settings })
  },
})
