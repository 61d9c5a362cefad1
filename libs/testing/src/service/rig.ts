import { randomUUID } from 'node:crypto'
import { type Bus, connectBus } from '@afo/bus'
import { factStreams, type JobName, type Message, type NewMessage } from '@afo/contracts'
import { createDb, type Db } from '@afo/db'
import { Closers, createLog, createRegistry, type Environment, Secret, sleep, timeScale } from '@afo/kit'
import { startXero, type XeroOptions, type XeroSandbox } from '@afo/sandbox/xero'
import { publishCommand, type ServiceDefinition } from '@afo/service'
import { type TestDatabase, testDatabase } from '../postgres/database.js'
import { testRedis } from '../redis/index.js'
import { holds } from './hold.js'
import { type Replica, startHere, startProcess } from './replica.js'
import { tokenDoor } from './xero-token.js'

export interface RigOptions {
  /** Divides every duration, of the service and of the sandbox alike. */
  readonly timeScale?: number
  readonly xero?: Partial<XeroOptions>
  /** The demo's company in the database. */
  readonly seed?: boolean
  readonly environment?: Environment
  /** The service's compiled main: replicas are processes of their own then. */
  readonly main?: URL
}

export interface EndedCommand {
  readonly id: string
  readonly state: 'done' | 'failed' | 'cancelled'
  readonly result: Record<string, unknown> | null
  readonly problem: Record<string, unknown> | null
}

export interface ServiceRig extends ReturnType<typeof holds> {
  readonly sql: TestDatabase['sql']
  readonly db: Db
  readonly bus: Bus
  readonly xero: XeroSandbox
  /** Every message that was said since the rig began. */
  readonly said: readonly Message[]
  /** Every replica that was started, in order. */
  readonly replicas: readonly Replica[]
  /** One more replica of the service. */
  start(): Promise<Replica>
  /** Asks for a job as the gateway does, and waits for its end. */
  run(name: JobName, body?: Record<string, unknown>): Promise<EndedCommand>
  /** Publishes a message of no command. */
  send(message: NewMessage): Promise<void>
  /** Waits until `check` answers something. @throws Error after `ms` */
  until<T>(what: string, check: () => Promise<T | undefined | false> | T | undefined | false, ms?: number): Promise<T>
  close(): Promise<void>
}

const app = { clientId: 'A'.repeat(32), clientSecret: 'secret', redirectUris: ['http://localhost/callback'] }

/** One service, run over a real Redis, Postgres, Supabase and the Xero sandbox; in this process unless it is given a `main`; started once, more replicas by `start`. */
export async function serviceRig(definition: ServiceDefinition, options: RigOptions = {}): Promise<ServiceRig> {
  const factor = options.timeScale ?? 20
  const closers = new Closers()
  try {
    const [database, redis, xero] = await Promise.all([
      opened(testDatabase({ seed: options.seed ?? false })),
      opened(testRedis()),
      opened(startXero({ apps: [app], timeScale: factor, ...options.xero })),
    ])
    const token = await opened(tokenDoor(xero, app))
    const log = createLog('test', 'fatal')
    const bus = await opened(
      connectBus({
        redisUrl: redis.url,
        service: 'gateway',
        log,
        registry: createRegistry('test'),
        scale: timeScale(factor, false),
      }),
    )
    const db = createDb({ url: database.supabaseUrl, key: new Secret(database.secretKey), timeoutMs: 15_000 })
    const environment: Environment = {
      NODE_ENV: 'test',
      REDIS_URL: redis.url,
      SUPABASE_URL: database.supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: database.secretKey,
      SERVICE_TOKEN: randomUUID(),
      XERO_AUTH_URL: token.url,
      XERO_API_URL: xero.url,
      TIME_SCALE: String(factor),
      STOP_DEADLINE_MS: '2000',
      ...options.environment,
    }
    const said: Message[] = []
    const replicas: Replica[] = []
    const listening = new AbortController()
    const heard = listen(bus, said, listening.signal)
    closers.add('listening', () => {
      listening.abort()
      return heard
    })

    const holding = holds(xero)
    closers.add('holds', holding.letAllGo)
    const rig: ServiceRig = {
      ...holding,
      sql: database.sql,
      db,
      bus,
      xero,
      said,
      replicas,
      async start() {
        const replica = options.main
          ? await startProcess(options.main, environment, closers)
          : await startHere(definition, environment, closers)
        replicas.push(replica)
        return replica
      },
      async run(name, body = {}) {
        const id = randomUUID()
        await publishCommand({ db, bus }, { id, name, body, askedBy: 'test', triggeredBy: 'manual' })
        return rig.until(`the end of ${name}`, async () => {
          const [row] = await database.sql<{ state: string; result: string | null; problem: string | null }>(
            'select state, result::text, problem::text from commands where id = $1',
            [id],
          )
          if (!row || row.state === 'queued' || row.state === 'running') return undefined
          const { result, problem } = row
          return {
            id,
            state: row.state as EndedCommand['state'],
            result: result === null ? null : JSON.parse(result),
            problem: problem === null ? null : JSON.parse(problem),
          }
        })
      },
      send: (message) => bus.publish([message], { correlationId: randomUUID(), causationId: null, tenantId: null }),
      async until(what, check, ms = 200_000) {
        for (const began = Date.now(); ; ) {
          const found = await check()
          if (found !== undefined && found !== false) return found
          const waited = Date.now() - began
          if (waited > ms) throw new Error(`${what}: not within ${ms} ms`)
          // Who has waited long can wait a little longer: asking is work, and other tests need the machine.
          await sleep(Math.min(Math.max(10, waited / 10), 200))
        }
      },
      close: async () => void (await closers.close()),
    }
    // As xero-auth keeps it: what is connected decides whom a service may call.
    await database.sql(
      "insert into xero_tokens (tenant_id, selected, access_token, refresh_token, expires_at) values ($1, true, 'x', 'x', '2099-01-01')",
      [xero.control.organisations()[0]?.OrganisationID ?? null],
    )
    // The stand-in for Supabase sets itself up at its first request, and takes no second one meanwhile.
    await db.ping()
    await rig.start()
    return rig
  } catch (thrown) {
    await closers.close()
    throw thrown
  }

  async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
    const it = await opening
    closers.add('server', () => it.close())
    return it
  }
}

async function listen(bus: Bus, said: Message[], signal: AbortSignal): Promise<void> {
  for await (const { message } of bus.tail(factStreams, '0-0', signal)) said.push(message)
}
