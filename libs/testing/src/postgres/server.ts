import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { applySeed, type Lite, localKeys, migrate, startLite, startPostgres, withDatabase } from '@afo/sandbox/supabase'
import { employ } from './people.js'

/** What a test needs to know of its own database. */
export interface DatabaseDetails {
  readonly name: string
  readonly supabaseUrl: string
  readonly publishableKey: string
  readonly secretKey: string
  readonly databaseUrl: string
}

export interface TestServer {
  create(options: { seed: boolean }): Promise<DatabaseDetails>
  reload(name: string): Promise<void>
  drop(name: string): Promise<void>
  close(): Promise<void>
}

/** A Postgres whose databases are copies of a migrated template, each with its own Supabase in front. */
export async function createTestServer(dir: string): Promise<TestServer> {
  const keys = localKeys(dir)
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), password: keys.databasePassword, durable: false })
  const urlOf = (database: string) => postgres.databaseUrl.replace(/\/[^/]*$/, `/${database}`)
  const command = (sql: string) => withDatabase(postgres.databaseUrl, (database) => database.unsafe(sql))
  const open = new Map<string, Lite>()
  const templates = new Map<string, Promise<void>>()
  let last = Promise.resolve()

  const makeTemplate = async (name: string, seed: boolean) => {
    await command(`create database ${name}`)
    await migrate(urlOf(name))
    if (seed) await applySeed(urlOf(name))
    // The first start makes the schema of sign-in; copies have it then.
    const lite = await startLite({ databaseUrl: urlOf(name), keys })
    await employ({ url: lite.url, publishableKey: keys.publishableKey, databaseUrl: urlOf(name) })
    await lite.close()
  }
  const template = async (seed: boolean): Promise<string> => {
    const name = seed ? 'template_seeded' : 'template_empty'
    // One after the other: the first migration makes roles, which all databases of a server share.
    const making = templates.get(name) ?? last.then(() => makeTemplate(name, seed))
    templates.set(name, making)
    last = making
    await making
    return name
  }
  const drop = async (name: string) => {
    await open.get(name)?.close()
    open.delete(name)
    await command(`drop database if exists ${name} with (force)`)
  }

  return {
    create: async ({ seed }) => {
      const name = `test_${randomBytes(6).toString('hex')}`
      await command(`create database ${name} template ${await template(seed)}`)
      const lite = await startLite({ databaseUrl: urlOf(name), keys })
      open.set(name, lite)
      return {
        name,
        supabaseUrl: lite.url,
        publishableKey: keys.publishableKey,
        secretKey: keys.secretKey,
        databaseUrl: urlOf(name),
      }
    },
    reload: async (name) => open.get(name)?.clearSchemaCache(),
    drop,
    close: async () => {
      await Promise.all([...open.values()].map((lite) => lite.close()))
      await postgres.close()
    },
  }
}
