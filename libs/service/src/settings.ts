import { type SettingGroup, type Settings, settingGroups } from '@afo/contracts'
import type { Db } from '@afo/db'
import { parse } from '@afo/kit'

/** The admin's choices, read fresh each time: a change counts from the next piece of work. */
export interface Settled {
  read<G extends SettingGroup>(group: G): Promise<Settings<G>>
}

/** @throws AppError `invalid` when a stored group doesn't parse: it names the field rather than guessing. */
export function createSettings(db: Db): Settled {
  return {
    async read(group) {
      const rows = await db.rpc('sync_settings_read', { p_keys: [group] })
      const stored: unknown = JSON.parse(rows[group]?.value ?? '{}')
      return parse(settingGroups[group], stored, `setting ${group}`) as never
    },
  }
}
