import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cloneDir } from '../stack/state.js'
import { withDatabase } from './database.js'

/** Applies the demo's company once, in one transaction, recorded where the Supabase CLI records seeds. */
export async function applySeed(databaseUrl: string, file = join(cloneDir, 'supabase', 'seed.sql')): Promise<void> {
  if (!existsSync(file)) return
  const sql = readFileSync(file, 'utf8')
  const hash = createHash('sha256').update(sql).digest('hex')
  await withDatabase(databaseUrl, async (database) => {
    await database`create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null)`
    await database.begin(async (tx) => {
      const fresh =
        await tx`insert into supabase_migrations.seed_files (path, hash) values ('supabase/seed.sql', ${hash}) on conflict do nothing returning path`
      if (fresh.length > 0) await tx.unsafe(sql)
    })
  })
}
