import { parentPort, workerData } from 'node:worker_threads'
import { connectBus } from '@afo/bus'
import { endpoint } from '@afo/contracts'
import { createDb, createSessions } from '@afo/db'
import { createDoorStore, doorConfig, mount } from '@afo/door'
import { Closers, createLog, listen, newId, problemHandler, Registry, readConfig, Secret, timeScale } from '@afo/kit'
import express, { type Express } from 'express'
import { z } from 'zod'

export interface DoorWorld {
  readonly redisUrl: string
  readonly supabaseUrl: string
  readonly secretKey: string
}

const { redisUrl, supabaseUrl, secretKey } = workerData as DoorWorld
const log = createLog('bench', 'fatal')
const scale = timeScale(1, false)
const db = createDb({ url: supabaseUrl, key: new Secret(secretKey), timeoutMs: 10_000 })
const bus = await connectBus({ redisUrl, service: 'gateway', log, registry: new Registry(), scale })
const store = createDoorStore(db)
const answer = { status: 200, body: { ok: true } } as const

function door(): Express {
  const table = {
    ask: endpoint({
      method: 'post',
      path: '/ask',
      summary: 'Asks for an invoice',
      tag: 'bench',
      access: 'admin',
      audit: 'bench.ask',
      body: z.strictObject({ costCenterId: z.guid(), dueDate: z.iso.date() }),
      answers: { 200: z.strictObject({ ok: z.boolean() }) },
    }),
  }
  const config = readConfig(doorConfig, { RATE_PER_USER: '1000000', RATE_PER_ADDRESS: '1000000' })
  const rules = { issuer: 'none', issuerRequired: false }
  const ports = {
    config: { ...config, NODE_ENV: 'production', SUPABASE_URL: supabaseUrl },
    log,
    scale,
    bus,
    store,
    sessions: createSessions({ db, rules, maxAgeMs: 30_000, now: Date.now }),
    signal: new AbortController().signal,
  }
  return mount(table, { ask: async () => answer }, ports).use(problemHandler(log))
}

/** What anybody would write for the same effects: two counts in Redis, one row in Postgres. */
function bare(): Express {
  const app = express()
  app.post('/ask', express.json(), async (req, res) => {
    await bus.ephemeral.hit('bare:address', 60_000)
    await bus.ephemeral.hit('bare:user', 60_000)
    await store.audit({
      actor: 'ada@example.com',
      action: 'bench.ask',
      target: null,
      address: req.ip ?? null,
      requestId: newId(),
      details: req.body,
    })
    res.status(answer.status).json(answer.body)
  })
  return app
}

const closers = new Closers()
const serve = async (app: Express) => {
  const { port } = await listen(app, { host: '127.0.0.1', port: 0 }, closers)
  return `http://127.0.0.1:${port}/ask`
}
parentPort?.postMessage({ door: await serve(door()), bare: await serve(bare()) })
