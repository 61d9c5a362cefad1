import type { Db } from '@afo/db'
import type { Secret, Vault } from '@afo/kit'
import { isLegacyValue, openLegacyValue } from './legacy-cipher.js'

const PAGE = 100

export interface Reencrypted {
  readonly renewed: number
  readonly current: number
  /** Places (table/row/column) whose value no key at hand opens. */
  readonly unreadable: readonly string[]
}

/**
 * Seals every stored secret under the key in use. Alone accepts the application's old form (`iv:cipher`, under any of the raw keys). May be ended and
 * run again at any time, and beside running services: a value that changed meanwhile is theirs and is left.
 */
export async function reencrypt(db: Db, vault: Vault, rawKeys: readonly Secret[]): Promise<Reencrypted> {
  let [renewed, current, after] = [0, 0, '']
  const unreadable: string[] = []
  for (;;) {
    const values = await db.rpc('sync_vault_values', { p_after: after, p_limit: PAGE })
    for (const { place, value, ...at } of values) {
      after = place
      if (vault.isCurrent(value)) current++
      else {
        const plain = opened(value, at)
        if (plain === null) unreadable.push(place)
        else if (await db.rpc('sync_vault_replace', { p_place: place, p_old: value, p_new: vault.seal(plain, at) }))
          renewed++
      }
    }
    if (values.length < PAGE) break
  }
  await db.rpc('sync_connection_adopt', {})
  return { renewed, current, unreadable }

  function opened(value: string, at: Parameters<Vault['open']>[1]): string | null {
    if (isLegacyValue(value))
      return rawKeys.map((key) => openLegacyValue(value, key)).find((plain) => plain !== null) ?? null
    try {
      return vault.open(value, at)
    } catch {
      return null // reported by its place; the reason is the vault's one generic error
    }
  }
}
