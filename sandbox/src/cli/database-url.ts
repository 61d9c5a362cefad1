import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '@afo/kit'
import { databaseUrlFile, stateRoot } from '../stack/index.js'

/**
 * DATABASE_URL, else the one of the local stack that runs in this clone.
 * @throws saying what to set
 */
export function databaseUrlOf(environment: Environment): string {
  if (environment.DATABASE_URL) return environment.DATABASE_URL
  const file = databaseUrlFile(join(stateRoot(), 'stack'))
  if (existsSync(file)) return readFileSync(file, 'utf8')
  throw new Error(
    'DATABASE_URL is missing: the address of the Postgres behind Supabase (Project settings, Database, Connection string), or start the local stack first (npm start).',
  )
}
