import type { Message, NewMessage } from '@afo/contracts'
import { createDb, type Db } from '@afo/db'
import { AppError, createLog, newId, Secret, timeScale } from '@afo/kit'
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

const messageOf = (id: string): Message<'items.import'> => {
  const now = '2026-11-28T00:00:00Z'
  return {
    ...{ id, name: 'items.import', version: 1, key: 'k', tenantId: null, correlationId: id, causationId: null },
    ...{ traceparent: null, at: now, firstSeenAt: now, attempt: 1, body: {} },
  }
}
const contextOf = (signal = new AbortController().signal) => {
  return { signal, abort: () => undefined, log: createLog('test', 'fatal') }
}
const ports = () => {
  const quiet = async () => undefined
  return { db, owner: 'one process', scale: timeScale(60, false), announce: quiet, publish: quiet }
}
const row = async (id: string) =>
  (await database.sql("select state, problem ->> 'detail' as why from commands where id = $1", [id]))[0]
const state = async (id: string) => (await row(id))?.state

test('a command that comes twice to one process is worked on once; the other copy comes back later', async () => {
  const id = newId()
  const [message, ctx] = [messageOf(id), contextOf()]
  let end: () => void = () => undefined
  const working = new Promise<void>((resolve) => {
    end = resolve
  })
  let [begun, most] = [0, 0]
  const handler = jobs({ ...ports(), scale: timeScale(1, false) })(async () => {
    most = Math.max(most, ++begun)
    await working
    begun--
    return { result: {} }
  })
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

test('what a job says is said before its end is written down, and again when it could not be', async () => {
  const id = newId()
  const said: unknown[] = []
  let isUp = false
  const publish = async (messages: readonly NewMessage[]) => {
    if (!isUp) throw new AppError('unavailable', 'Redis is away')
    said.push(...messages.map(({ name }) => name), await state(id))
  }
  const says: NewMessage[] = [{ name: 'invoice.voided', key: id, body: { invoiceId: id } }]
  const handler = jobs({ ...ports(), publish })(async () => ({ result: {}, says }))
  await expect(handler(messageOf(id), contextOf())).rejects.toMatchObject({ kind: 'unavailable' })
  expect(await row(id)).toEqual({ state: 'queued', why: 'Redis is away' })
  isUp = true
  expect(await handler(messageOf(id), contextOf())).toMatchObject([{ name: 'job.finished' }])
  expect(said).toEqual(['invoice.voided', 'running'])
  expect(await row(id)).toEqual({ state: 'done', why: null })
})

test('work that does not end when it is told to is taken over by a peer', async () => {
  const id = newId()
  const given = new AbortController()
  const hanging = jobs(ports())(() => new Promise(() => undefined))
  void hanging(messageOf(id), contextOf(given.signal))
  await expect.poll(() => state(id)).toBe('running')
  given.abort()
  const peer = jobs({ ...ports(), owner: 'another' })(async () => ({ result: {} }))
  const takeOver = () =>
    peer(messageOf(id), contextOf()).then(
      (said) => said.length,
      () => 0,
    )
  await expect.poll(takeOver, { timeout: 15_000 }).toBe(1)
}, 20_000)
