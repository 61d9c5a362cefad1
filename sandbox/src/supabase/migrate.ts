import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { cloneDir } from '../stack/state.js'
import { type Sql, type Transaction, withDatabase } from './database.js'

export interface Migration {
  /** The digits its file name begins with. */
  readonly version: string
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

export interface MigrateOptions {
  /** Says what would be applied and changes nothing. */
  readonly dryRun?: boolean
  /** Default: supabase/migrations of this clone. */
  readonly dir?: string
  readonly onApplied?: (migration: Migration) => void
}

export interface MigrateResult {
  readonly already: readonly string[]
  /** Those applied now; in a dry run those that would be. */
  readonly applied: readonly string[]
}

export const migrationsDir = join(cloneDir, 'supabase', 'migrations')

/** The Supabase CLI's own layout: `<digits>_<name>.sql`, applied in the order of their versions. */
export function readMigrations(dir = migrationsDir): readonly Migration[] {
  const migrations = readdirSync(dir)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => {
      const [, version, name] = /^(\d+)_(.+)\.sql$/.exec(file) ?? []
      if (!version || !name) throw new Error(`${file}: a migration is called <digits>_<name>.sql`)
      const sql = readFileSync(join(dir, file), 'utf8')
      return { version, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
    .sort((a, b) => (a.version < b.version ? -1 : 1))
  const twin = migrations.find((migration, i) => migration.version === migrations[i - 1]?.version)
  if (twin) throw new Error(`Two migrations have the version ${twin.version}`)
  return migrations
}

const recordTable = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
  alter table supabase_migrations.schema_migrations add column if not exists checksum text;
  alter table supabase_migrations.schema_migrations add column if not exists applied_at timestamptz default now()`

/**
 * Brings a Postgres up to date, recording what was applied where the Supabase CLI does, so that both can be used. Each migration is one
 * transaction: what failed left nothing, and running again goes on from there. Several runs at once take turns.
 * @throws when a migration fails, or an applied one was edited since
 */
export async function migrate(
  databaseUrl: string,
  { dryRun = false, dir, onApplied }: MigrateOptions = {},
): Promise<MigrateResult> {
  const migrations = readMigrations(dir)
  return withDatabase(databaseUrl, async (sql) => {
    if (!dryRun) await alone(sql, (tx) => tx.unsafe(recordTable))
    const before = await recorded(sql)
    checkUnedited(migrations, before)
    if (dryRun) return split(migrations, before)
    const applied: string[] = []
    for (const migration of migrations) {
      if (!(await alone(sql, (tx) => apply(tx, migration)))) continue
      applied.push(label(migration))
      onApplied?.(migration)
    }
    // PostgREST listens here; elsewhere nobody minds.
    if (applied.length > 0) await sql`notify pgrst, 'reload schema'`
    return { already: split(migrations, before).already, applied }
  })
}

async function apply(tx: Transaction, { version, name, sql, checksum }: Migration): Promise<boolean> {
  const known = await tx`select 1 from supabase_migrations.schema_migrations where version = ${version}`
  if (known.length > 0) return false
  try {
    await tx.unsafe(sql)
  } catch (cause) {
    throw new Error(`${version}_${name}.sql failed and was taken back: ${describe(cause, sql)}`, { cause })
  }
  await tx`insert into supabase_migrations.schema_migrations (version, statements, name, checksum) values (${version}, ${[sql]}, ${name}, ${checksum})`
  return true
}

/** One transaction that no other migration runs beside. */
async function alone<T>(sql: Sql, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const result = await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext('supabase_migrations'))`
    return { value: await work(tx) }
  })
  return result.value
}

async function recorded(sql: Sql): Promise<ReadonlyMap<string, string | null>> {
  const [table] = await sql<
    { there: boolean }[]
  >`select to_regclass('supabase_migrations.schema_migrations') is not null as there`
  if (!table?.there) return new Map()
  // A table made by the Supabase CLI has no checksums yet.
  const rows = await sql<{ version: string; checksum: string | null }[]>`
    select version, to_jsonb(m) ->> 'checksum' as checksum from supabase_migrations.schema_migrations m`
  return new Map(rows.map(({ version, checksum }) => [version, checksum]))
}

function checkUnedited(migrations: readonly Migration[], done: ReadonlyMap<string, string | null>): void {
  const edited = migrations.find(({ version, checksum }) => (done.get(version) ?? checksum) !== checksum)
  if (edited)
    throw new Error(
      `${label(edited)} was changed after it had been applied. Migrations go forward only: put it back and write a new one.`,
    )
}

const split = (migrations: readonly Migration[], done: ReadonlyMap<string, unknown>): MigrateResult => ({
  already: migrations.filter(({ version }) => done.has(version)).map(label),
  applied: migrations.filter(({ version }) => !done.has(version)).map(label),
})

const label = ({ version, name }: Migration) => `${version}_${name}`

/** Postgres' message, and the line of the file that it points at. */
function describe(thrown: unknown, sql: string): string {
  if (!(thrown instanceof postgres.PostgresError)) return thrown instanceof Error ? thrown.message : String(thrown)
  const line = thrown.position ? ` (line ${sql.slice(0, Number(thrown.position)).split('\n').length})` : ''
  return `${thrown.message}${line}`
}
