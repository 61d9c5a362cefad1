import { randomBytes, randomUUID } from 'node:crypto'
import { Closers, createLog, type Environment } from '@afo/kit'
import { startXero, type XeroSandbox } from '@afo/sandbox'
import { freePort } from '@afo/sandbox/stack'
import { type ServiceDefinition, startService } from '@afo/service'
import { signInAll, type TestDatabase, type TestRedis, testDatabase, testRedis } from '@afo/testing'
import { gateway } from '../../services/gateway/src/service.js'
import { xeroAuthService } from '../../services/xero-auth/src/service.js'

export const app = { clientId: '0123456789abcdef0123456789abcdef', clientSecret: 'canary-client-secret' }

export interface Door {
  readonly db: TestDatabase
  readonly redis: TestRedis
  readonly xero: XeroSandbox
  /** By name: http://localhost:port, the public address. */
  readonly url: string
  /** The same door by its number, as Xero doesn't take it. */
  readonly loopbackUrl: string
  readonly xeroAuthUrl: string
  readonly serviceToken: string
  readonly secrets: readonly string[]
  readonly lines: readonly string[]
  /** Access tokens of an admin, an accountant, and somebody without a role. */
  readonly tokens: Readonly<Record<'admin' | 'accountant' | 'nobody', string>>
  close(): Promise<void>
}

/** Gateway and xero-auth in this process, over a real Postgres, Supabase, Redis, and the Xero sandbox: the way in from outside. */
export async function startDoor(more: Environment = {}): Promise<Door> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const [db, redis, xero] = await Promise.all([
    testDatabase(),
    testRedis(),
    startXero({ apps: [{ ...app, redirectUris: [`${url}/api/xero/callback`] }] }),
  ])
  const serviceToken = `canary-service-${randomUUID()}`
  const encryptionKey = randomBytes(32).toString('hex')
  const lines: string[] = []
  const controller = new AbortController()
  const closers = new Closers()
  const common = {
    NODE_ENV: 'test',
    REDIS_URL: redis.url,
    SUPABASE_URL: db.supabaseUrl,
    SUPABASE_SERVICE_ROLE_KEY: db.secretKey,
    SUPABASE_PUBLISHABLE_KEY: db.publishableKey,
    SUPABASE_JWT_ISSUER: 'none',
    SERVICE_TOKEN: serviceToken,
  }
  const start = (definition: ServiceDefinition, environment: Environment) => {
    const log = createLog(definition.name, 'debug', { write: (line: string) => void lines.push(line) })
    return startService(definition, { ...common, ...environment }, log, controller.signal, closers)
  }
  const xeroAuth = await start(xeroAuthService, {
    ENCRYPTION_KEY: encryptionKey,
    XERO_LOGIN_URL: xero.url,
    XERO_IDENTITY_URL: xero.url,
    XERO_API_URL: xero.url,
  })
  const xeroAuthUrl = `http://127.0.0.1:${xeroAuth.port}`
  await start(gateway, {
    PORT: String(port),
    PUBLIC_URL: url,
    XERO_AUTH_URL: xeroAuthUrl,
    RATE_PER_ADDRESS_AUTH: '10000',
    ...more,
  })

  return {
    db,
    redis,
    xero,
    url,
    loopbackUrl: `http://127.0.0.1:${port}`,
    xeroAuthUrl,
    serviceToken,
    secrets: [app.clientSecret, serviceToken, encryptionKey, db.secretKey],
    lines,
    tokens: await signInAll(db),
    async close() {
      controller.abort()
      await closers.close()
      await xero.close()
      await redis.close()
      await db.close()
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: any }

/** One call of the API as a person. */
export async function ask(
  door: Door,
  method: string,
  path: string,
  body?: unknown,
  token: string | null = door.tokens.admin,
): Promise<Answer> {
  const response = await fetch(`${door.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
}

/** A browser: follows nothing by itself, keeps its cookies, prefers pages. */
export class Browser {
  readonly cookies = new Map<string, string>()

  async open(url: string): Promise<{ status: number; location: string; setCookie: string[] }> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    })
    const setCookie = response.headers.getSetCookie()
    for (const line of setCookie) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const location = response.headers.get('location')
    return { status: response.status, location: location === null ? '' : new URL(location, url).href, setCookie }
  }
}
