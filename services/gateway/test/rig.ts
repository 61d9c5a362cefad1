import { randomUUID } from 'node:crypto'
import { type Bus, connectBus } from '@afo/bus'
import type { ServiceName } from '@afo/contracts'
import { Closers, createLog, createRegistry, type Log, timeScale } from '@afo/kit'
import { startService } from '@afo/service'
import { signInAll, type TestDatabase, type TestRedis, testDatabase, testRedis } from '@afo/testing'
import { gateway } from '../src/service.js'

export interface Rig {
  readonly db: TestDatabase
  readonly redis: TestRedis
  readonly url: string
  /** Tokens of an admin, an accountant, and somebody else. */
  readonly tokens: Awaited<ReturnType<typeof signInAll>>
  readonly lines: readonly string[]
  /** A bus as another service opens it; closed with the rig at the latest. */
  readonly peer: (service: ServiceName, factor?: number) => Promise<Bus>
  readonly stop: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface RigOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly seed?: boolean
}

/** A gateway in this process over a real Postgres, Supabase and Redis, and three people signed in. */
export async function startRig({ environment = {}, seed = false }: RigOptions = {}): Promise<Rig> {
  const db = await testDatabase({ seed })
  const redis = await testRedis()
  const lines: string[] = []
  const log: Log = createLog('gateway', 'debug', { write: (line: string) => void lines.push(line) })
  const controller = new AbortController()
  const closers = new Closers()
  const { port } = await startService(
    gateway,
    {
      NODE_ENV: 'test',
      PORT: '0',
      REDIS_URL: redis.url,
      SUPABASE_URL: db.supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: db.secretKey,
      SUPABASE_PUBLISHABLE_KEY: db.publishableKey,
      SERVICE_TOKEN: randomUUID(),
      XERO_AUTH_URL: 'http://127.0.0.1:9',
      FRONTEND_URL: 'http://localhost:5173',
      ...environment,
    },
    log,
    controller.signal,
    closers,
  )
  const peers: Bus[] = []
  const peer = async (service: ServiceName, factor = 1) => {
    const bus = await connectBus({
      redisUrl: redis.url,
      service,
      log: createLog(service, 'silent'),
      registry: createRegistry(service),
      scale: timeScale(factor, false),
    })
    peers.push(bus)
    return bus
  }
  const stop = async () => {
    controller.abort()
    await closers.close()
  }
  return {
    db,
    redis,
    url: `http://127.0.0.1:${port}`,
    tokens: await signInAll(db),
    lines,
    peer,
    stop,
    close: async () => {
      await Promise.all(peers.map((bus) => bus.close()))
      await stop()
      await redis.close()
      await db.close()
    },
  }
}

export interface Asked {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any
}

/** One request. `body` goes as JSON; `raw` as it is. */
export async function ask(
  rig: Rig,
  method: string,
  path: string,
  options: { body?: unknown; raw?: string; token?: string | null; headers?: Record<string, string> } = {},
): Promise<Asked> {
  const { body, raw, token = rig.tokens.admin, headers = {} } = options
  const response = await fetch(`${rig.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? (raw === undefined ? {} : { body: raw }) : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}
