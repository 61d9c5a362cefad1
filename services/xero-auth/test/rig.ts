import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Closers, createLog, type Environment } from '@afo/kit'
import { giveConsent, startXero, type XeroOptions, type XeroSandbox } from '@afo/sandbox'
import { freePort } from '@afo/sandbox/stack'
import { startService } from '@afo/service'
import { type TestDatabase, type TestRedis, testDatabase, testRedis } from '@afo/testing'
import { xeroAuthService } from '../src/service.js'
import { type IdentityProxy, startIdentityProxy } from './identity-proxy.js'

export const app = {
  clientId: '0123456789abcdef0123456789abcdef',
  clientSecret: 'S3cret+/ with:odd&characters%20~',
  redirectUris: ['http://localhost:3001/api/xero/callback'],
}
export const redirectUri = 'http://localhost:3001/api/xero/callback'

export interface Replica {
  readonly url: string
  readonly lines: readonly string[]
  stop(): Promise<void>
}

/** A replica that can be killed: the compiled service in a process of its own. */
export interface ReplicaProcess {
  readonly url: string
  /** Resolves once it has ended, with the signal that ended it. */
  readonly ended: Promise<string | null>
  kill(): void
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
export type Answer = { readonly status: number; readonly body: any }

export interface Rig {
  readonly db: TestDatabase
  readonly redis: TestRedis
  readonly xero: XeroSandbox
  readonly identity: IdentityProxy
  readonly environment: Environment
  readonly serviceToken: string
  start(environment?: Environment): Promise<Replica>
  /** @throws when it ends before it is ready */
  spawn(environment?: Environment): Promise<ReplicaProcess>
  ask(
    replica: { readonly url: string },
    method: string,
    path: string,
    body?: unknown,
    token?: string | null,
  ): Promise<Answer>
  /** Saves the credentials and goes through the consent, as a browser and the gateway do. */
  connect(replica: { readonly url: string }, tenantIds?: readonly string[]): Promise<Answer>
  /** The parameters that Xero sends the browser back with. */
  consent(
    replica: { readonly url: string },
    browser: string,
    choice?: Parameters<typeof giveConsent>[1],
  ): Promise<Record<string, string>>
  close(): Promise<void>
}

/** xero-auth replicas in this process, over a real Postgres, Supabase, Redis, and the Xero sandbox. */
export async function startRig(xeroOptions: Partial<XeroOptions> = {}): Promise<Rig> {
  const [db, redis, xero] = await Promise.all([testDatabase(), testRedis(), startXero({ apps: [app], ...xeroOptions })])
  const identity = await startIdentityProxy(xero.url)
  const serviceToken = randomUUID()
  const environment = {
    NODE_ENV: 'test',
    REDIS_URL: redis.url,
    SUPABASE_URL: db.supabaseUrl,
    SUPABASE_SERVICE_ROLE_KEY: db.secretKey,
    SERVICE_TOKEN: serviceToken,
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    XERO_LOGIN_URL: xero.url,
    XERO_IDENTITY_URL: identity.url,
    XERO_API_URL: xero.url,
  }
  const running = new Set<Replica>()
  const children = new Set<ChildProcess>()

  const rig: Rig = {
    db,
    redis,
    xero,
    identity,
    environment,
    serviceToken,
    async start(more = {}) {
      const lines: string[] = []
      const log = createLog('xero-auth', 'debug', { write: (line: string) => void lines.push(line) })
      const controller = new AbortController()
      const closers = new Closers()
      const { port } = await startService(
        xeroAuthService,
        { ...environment, ...more },
        log,
        controller.signal,
        closers,
      ).catch(async (thrown: unknown) => {
        controller.abort()
        await closers.close()
        throw thrown
      })
      const replica: Replica = {
        url: `http://127.0.0.1:${port}`,
        lines,
        stop: async () => {
          running.delete(replica)
          controller.abort()
          await closers.close()
        },
      }
      running.add(replica)
      return replica
    },
    async spawn(more = {}) {
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
        env: { ...environment, PORT: String(port), LOG_LEVEL: 'warn', FOLLOW_PARENT: '1', ...more },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      children.add(child)
      const ended = once(child, 'exit').then(([, signal]) => signal as string | null)
      while (
        !(await fetch(`${url}/ready`)
          .then(({ ok }) => ok)
          .catch(() => false))
      ) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error('xero-auth ended before it was ready')
        await sleep(20)
      }
      return { url, ended, kill: () => void child.kill('SIGKILL') }
    },
    async ask(replica, method, path, body, token = serviceToken) {
      const response = await fetch(`${replica.url}${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    async consent(replica, browser, choice) {
      const { status, body } = await rig.ask(replica, 'POST', '/authorize', { admin: 'ada', browser, redirectUri })
      if (status !== 200) throw new Error(`authorize answered ${status}: ${JSON.stringify(body)}`)
      return Object.fromEntries(new URL(await giveConsent(body.url, choice)).searchParams)
    },
    async connect(replica, tenantIds) {
      const { clientId, clientSecret } = app
      await rig.ask(replica, 'PUT', '/credentials', { clientId, clientSecret, redirectUri, by: 'ada' })
      const browser = randomUUID()
      const params = await rig.consent(replica, browser, tenantIds ? { tenantIds } : {})
      return rig.ask(replica, 'POST', '/callback', { params, browser })
    },
    async close() {
      for (const child of children) child.kill('SIGKILL')
      await Promise.all([...running].map((replica) => replica.stop()))
      await identity.close()
      await xero.close()
      await redis.close()
      await db.close()
    },
  }
  return rig
}

/** Makes the stored access token one that has just expired. */
export const expireToken = (rig: Rig) => rig.db.sql(`update xero_tokens set expires_at = now() - interval '1 second'`)
