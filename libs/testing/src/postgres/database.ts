import { connectDatabase, createUser, type NewUser } from '@afo/sandbox/supabase'
import { inject } from 'vitest'
import type { DatabaseDetails } from './server.js'

type Param = string | number | boolean | Date | null | readonly string[]

export interface TestDatabase extends Omit<DatabaseDetails, 'name'> {
  /** Runs one statement as the database's owner and answers its rows. */
  sql<Row extends Record<string, unknown> = Record<string, unknown>>(
    text: string,
    params?: readonly Param[],
  ): Promise<Row[]>
  createUser(user: NewUser): Promise<void>
  /** After DDL in a test, so that the REST side sees it. */
  reloadSchema(): Promise<void>
  close(): Promise<void>
}

/**
 * A fresh, migrated database of one's own with a Supabase and three people (`signInAll`) in front: for `beforeAll`, closed in `afterAll`. `seed` fills in the demo's company.
 * The Postgres behind is shared by the test run and starts with the first call.
 */
export async function testDatabase({ seed = false }: { seed?: boolean } = {}): Promise<TestDatabase> {
  const door = inject('databaseDoor')
  const { name, ...details } = (await ask(door, 'POST', `/databases${seed ? '?seed' : ''}`)) as DatabaseDetails
  const database = connectDatabase(details.databaseUrl, { max: 4 })
  return {
    ...details,
    sql: async <Row extends Record<string, unknown>>(text: string, params: readonly Param[] = []) => [
      ...(await database.unsafe<Row[]>(text, [...params])),
    ],
    createUser: (user) => createUser({ url: details.supabaseUrl, ...details }, user),
    reloadSchema: async () => {
      await ask(door, 'POST', `/databases/${name}/reload`)
    },
    close: async () => {
      await database.end({ timeout: 5 })
      await ask(door, 'DELETE', `/databases/${name}`)
    },
  }
}

async function ask(door: string, method: string, path: string): Promise<unknown> {
  const response = await fetch(`${door}${path}`, { method })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}
