import { createDb } from '@afo/db'
import { Secret } from '@afo/kit'
import { type TestDatabase, testDatabase } from '@afo/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDoorStore, type DoorStore } from '../src/index.js'

let database: TestDatabase
let store: DoorStore
beforeAll(async () => {
  database = await testDatabase()
  store = createDoorStore(
    createDb({ url: database.supabaseUrl, key: new Secret(database.secretKey), timeoutMs: 10_000 }),
  )
})
afterAll(() => database?.close())

test('what is older than its days goes, what is younger stays, and nobody else takes a line away', async () => {
  for (const days of [1, 99, 101, 5_000])
    await database.sql(
      `insert into audit_log (actor, action, at) values ('ada', $1::text, now() - $1::text::int * interval '1 day')`,
      [String(days)],
    )
  expect(await store.forget({ audit: 100, calls: 400, webhooks: 90 })).toBe(2)
  expect(await store.forget({ audit: 100, calls: 400, webhooks: 90 })).toBe(0)
  expect(await database.sql('select action from audit_log order by id')).toEqual([{ action: '1' }, { action: '99' }])
  await expect(database.sql('delete from audit_log')).rejects.toThrow('append-only')
  await expect(database.sql(`update audit_log set actor = 'eve'`)).rejects.toThrow('append-only')
})
