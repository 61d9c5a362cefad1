import type { Message } from '@afo/contracts'
import { createDb, type Db } from '@afo/db'
import { createLog, newId, Secret, timeScale } from '@afo/kit'
import { jobs } from '@afo/service'
import { type TestDatabase, testDatabase } from '@afo/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await testDatabase()
  db = createDb({ url: database.supabaseUrl, key: new Secret(database.secretKey), timeoutMs: 15_000 })
})
afterAll(() => database?.close())

test('a command that comes twice to one process is worked on once; the other copy comes back later', async () => {
  const id = newId()
  const now = '2026-11-28T00:00:00Z'
  const message: Message<'items.import'> = {
    ...{ id, name: 'items.import', version: 1, key: 'k', tenantId: null, correlationId: id, causationId: null },
    ...{ traceparent: null, at: now, firstSeenAt: now, attempt: 1, body: {} },
  }
  const ctx = { signal: new AbortController().signal, abort: () => undefined, log: createLog('test', 'fatal') }
  let end: () => void = () => undefined
  const working = new Promise<void>((resolve) => {
    end = resolve
  })
  let [begun, most] = [0, 0]
  const handler = jobs({ db, owner: 'one process', scale: timeScale(1, false), announce: async () => undefined })(
    async () => {
      most = Math.max(most, ++begun)
      await working
      begun--
      return { result: {} }
    },
  )
  const both = [handler(message, ctx), handler(message, ctx)]
  const refused = await Promise.any(
    both.map((one) =>
      one.then(
        () => Promise.reject(new Error('ended')),
        (thrown) => thrown,
      ),
    ),
  )
  expect(refused).toMatchObject({ kind: 'notReady', countsAsAttempt: false })
  end()
  expect((await Promise.allSettled(both)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(most).toBe(1)
  expect(await handler(message, ctx)).toMatchObject([{ name: 'job.finished', body: { state: 'done' } }])
})
