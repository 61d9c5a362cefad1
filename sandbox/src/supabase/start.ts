import { join } from 'node:path'
import { localKeys } from './keys.js'
import { startLite } from './lite.js'
import { migrate } from './migrate.js'
import { type Postgres, startPostgres } from './postgres.js'
import { applySeed } from './seed.js'
import { createUser, type NewUser } from './users.js'

export interface SupabaseOptions {
  /** Keeps the database and its keys; a new one is made when it is empty. */
  readonly stateDir: string
  /** Of the REST and sign-in server; default: a free one. */
  readonly port?: number | undefined
  readonly host?: string | undefined
  readonly publicUrl?: string | undefined
  readonly databasePort?: number | undefined
  readonly durable?: boolean | undefined
  /** Default: ones made for this state and kept with it. */
  readonly publishableKey?: string | undefined
  readonly secretKey?: string | undefined
  /** Default: this clone's supabase/migrations. */
  readonly migrationsDir?: string | undefined
  /** SQL applied once to a new database; null for none. Default: this clone's supabase/seed.sql. */
  readonly seedFile?: string | null | undefined
  /** Made before it says that it is ready. */
  readonly admin?: Omit<NewUser, 'admin'> | undefined
}

export interface Supabase {
  readonly url: string
  readonly publishableKey: string
  readonly secretKey: string
  /** The database's owner: for migrations and tests, never for the product. */
  readonly databaseUrl: string
  readonly postgres: Postgres
  createUser(user: NewUser): Promise<void>
  /** After DDL that doesn't say `notify pgrst`. */
  clearSchemaCache(): void
  close(): Promise<void>
}

/** A Supabase of one's own on a real Postgres: migrated, seeded, with REST and sign-in on a loopback port. It ends with this process. */
export async function startSupabase(options: SupabaseOptions): Promise<Supabase> {
  const { stateDir, port, host, publicUrl, databasePort, durable, migrationsDir, seedFile, admin } = options
  const own = localKeys(stateDir)
  const { publishableKey = own.publishableKey, secretKey = own.secretKey } = options
  const keys = { ...own, publishableKey, secretKey }
  const postgres = await startPostgres({
    dir: join(stateDir, 'postgres'),
    password: keys.databasePassword,
    port: databasePort,
    durable,
  })
  try {
    const { databaseUrl } = postgres
    await migrate(databaseUrl, migrationsDir === undefined ? {} : { dir: migrationsDir })
    if (seedFile !== null) await applySeed(databaseUrl, seedFile)
    const lite = await startLite({ databaseUrl, keys, port, host, publicUrl })
    const door = { url: lite.url, publishableKey, databaseUrl }
    if (admin) await createUser(door, { ...admin, admin: true })
    lite.ready()
    return {
      url: lite.url,
      publishableKey,
      secretKey,
      databaseUrl,
      postgres,
      createUser: (user) => createUser(door, user),
      clearSchemaCache: lite.clearSchemaCache,
      close: async () => {
        await lite.close()
        await postgres.close()
      },
    }
  } catch (error) {
    await postgres.close()
    throw error
  }
}
