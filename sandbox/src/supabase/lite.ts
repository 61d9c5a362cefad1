import { AsyncLocalStorage } from 'node:async_hooks'
import type { AddressInfo } from 'node:net'
import type { ServerType } from '@hono/node-server'
import type { PostgresType } from 'postgres'
import { crossOrigin } from './cross-origin.js'
import { withDeadlockCode } from './deadlocks.js'
import type { Keys } from './keys.js'
import { pipelined } from './pipelined.js'

export interface LiteOptions {
  readonly databaseUrl: string
  readonly keys: Omit<Keys, 'databasePassword'>
  readonly port?: number | undefined
  readonly host?: string | undefined
  /** How a session's tokens name this server; default: its own address. */
  readonly publicUrl?: string | undefined
}

export interface Lite {
  readonly url: string
  /** Forgets what it knows of tables and functions: after every change of the schema. */
  clearSchemaCache(): void
  /** From now on `GET /health` answers 200. */
  ready(): void
  close(): Promise<void>
}

/** Supabase's REST and sign-in (`@supabase/lite`) over a Postgres. The roles must be there before: migrate first. */
export async function startLite({
  databaseUrl,
  keys,
  port = 0,
  host = '127.0.0.1',
  publicUrl,
}: LiteOptions): Promise<Lite> {
  // Loaded here, so that whoever only migrates doesn't wait for it.
  const [{ App }, { createPostgresConnection }] = await Promise.all([
    import('@supabase/lite'),
    import('@supabase/lite/postgres'),
  ])
  const connection = createPostgresConnection({
    url: databaseUrl,
    postgresOptions: { max: 20, onnotice: () => undefined, types: wireTypes },
  })
  pipelined(connection.driver)
  const handler: { fetch: (request: Request) => Response | Promise<Response> } = {
    fetch: () => new Response('starting', { status: 503 }),
  }
  const server = await listen((request) => handler.fetch(request), port, host)
  const url = publicUrl ?? `http://${host}:${(server.address() as AddressInfo).port}`
  const app = new App({
    connection,
    api: { max_rows: 1000 },
    auth: {
      enabled: true,
      enable_signup: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      site_url: url,
      email: { enable_confirmations: false },
    },
    options: { server: { admin: false } },
  })
  await app.ensureSystemSchema()
  await app.init()
  // The first request of the service role makes Lite grant it what it needs; two first ones at once would trip over each other.
  const { secretKey } = keys
  const headers = { apikey: secretKey, authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' }
  const first = new Request(`${url}/rest/v1/rpc/sync_ping`, { method: 'POST', headers, body: '{}' })
  await inLite.run(true, async () => app.fetch(first, { peerAddress: null }))
  // As PostgREST does: `notify pgrst, 'reload schema'` from whoever changed it.
  await connection.driver.listen('pgrst', () => connection.clearSchemaCache())
  let ready = false
  handler.fetch = (request) =>
    new URL(request.url).pathname === '/health'
      ? new Response(ready ? 'ok' : 'starting', { status: ready ? 200 : 503 })
      : inLite.run(true, () =>
          crossOrigin(request, async (asked) => withDeadlockCode(await app.fetch(asked, { peerAddress: null }))),
        )
  return {
    url,
    clearSchemaCache: () => connection.clearSchemaCache(),
    ready: () => {
      ready = true
    },
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      // A query whose asker has gone would keep an unbounded end waiting.
      await connection.driver.end({ timeout: 2 })
    },
  }
}

// Where Lite's own types differ from what PostgREST puts on the wire.
const wireTypes: Record<string, PostgresType> = {
  // 2026-11-23 05:35:03.25+00 -> 2026-11-23T05:35:03.25+00:00 (Lite runs its sessions in UTC)
  timestamptz: {
    to: 1184,
    from: [1184],
    serialize: (value: unknown) => (value instanceof Date ? value.toISOString() : String(value)),
    parse: (text: string) => text.replace(' ', 'T').replace(/\+00$/, '+00:00'),
  },
  // Lite gives text where a trailing zero would be lost; PostgREST gives a JSON number always.
  numeric: { to: 1700, from: [1700], serialize: String, parse: Number },
  // An rpc's argument arrives here as JSON text already; Lite would encode it a second time.
  jsonb: {
    to: 3802,
    from: [3802],
    serialize: (value: unknown) => (typeof value === 'string' && isJson(value) ? value : JSON.stringify(value)),
    parse: (text: string) => JSON.parse(text),
  },
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// Lite prints every refusal, expected ones too; the caller has it in the answer already.
const inLite = new AsyncLocalStorage<true>()
const printError = console.error
console.error = (...args: unknown[]) => {
  if (!inLite.getStore()) printError(...args)
}

async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
  host: string,
): Promise<ServerType> {
  const { serve } = await import('@hono/node-server')
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host }, () => resolve(server))
    server.once('error', reject)
  })
}
