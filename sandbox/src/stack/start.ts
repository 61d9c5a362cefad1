import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Closers, Environment } from '@afo/kit'
import { lockFolder } from './lock.js'
import { readOutside, type SupabaseAddress, type XeroAddress } from './outside.js'
import { freePort, type HeldPort, holdPort } from './ports.js'
import { keepRedis } from './redis.js'
import { adminEmail, stackSecrets } from './secrets.js'
import { type Replicas, type Slot, serviceSpecs, slotsOf } from './services.js'
import { type StandIn, supabaseStandIn, xeroStandIn } from './standins.js'
import { type ProcessSpec, type Supervised, supervise } from './supervised.js'

export interface StackOptions {
  /** Keeps Postgres, Redis, the sandbox's books, keys and logs. */
  readonly stateDir: string
  /** Begins with the seed and no connection. */
  readonly fresh?: boolean
  readonly replicas?: Replicas
  /** What the services inherit, and what is there already (REDIS_URL, SUPABASE_URL, XERO_API_URL and their like). */
  readonly environment: Environment
  /** Told what happens, one line at a time. */
  readonly say: (text: string) => void
}

/** What `npm start -- --json` prints. Null where it isn't ours to know. */
export interface StackDetails {
  readonly gatewayUrl: string
  readonly supabaseUrl: string
  readonly publishableKey: string | null
  readonly secretKey: string
  readonly databaseUrl: string | null
  readonly redisUrl: string
  readonly xeroUrl: string
  readonly xeroApp: { readonly clientId: string; readonly clientSecret: string } | null
  readonly tokenUrl: string
  readonly serviceToken: string
  readonly webhookKey: string
  readonly admin: { readonly email: string; readonly password: string } | null
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly healthUrl: string }[]
}

const times = { readyMs: 60_000, stopMs: 25_000 }
const kept = ['supabase', 'redis', 'xero', 'secrets.json']

/**
 * The whole product on this machine: Redis, Supabase and Xero (each a stand-in unless the environment names one), then the six services, each a
 * process of its own that is started again when it ends. Everything ends with this process, even if that is killed.
 * @param closers takes what was opened, step by step, so that a signal half way leaves nothing either
 * @returns how it stands: a process that was started again has another pid
 * @throws when something can't be had or doesn't get ready
 */
export async function startStack(
  { stateDir, fresh, replicas = {}, environment, say }: StackOptions,
  closers: Closers,
): Promise<() => StackDetails> {
  const outside = readOutside(environment)
  closers.add('lock', lockFolder(stateDir, 'The local stack'))
  if (fresh) for (const part of kept) rmSync(join(stateDir, part), { recursive: true, force: true })
  const logDir = join(stateDir, 'logs')
  mkdirSync(logDir, { recursive: true, mode: 0o755 })
  const secrets = stackSecrets(stateDir)
  const gateway = await holdGatewayPort(environment, say)
  closers.add('port', gateway.release)
  const slots = await takePorts(replicas, gateway.port)
  const common = { stateDir, logDir, secrets, environment }

  const supabase: SupabaseAddress & StandIn = outside.supabase ?? (await supabaseStandIn(common))
  const xero: XeroAddress & StandIn = outside.xero ?? (await xeroStandIn(common, gateway.port))
  const redisUrl = outside.redisUrl ?? (await openRedis(join(stateDir, 'redis'), closers, say))

  const run = async (specs: readonly ProcessSpec[]): Promise<readonly Supervised[]> => {
    const running = specs.map((spec) => supervise(spec, say))
    // Together, not one after the other: each gets its whole deadline.
    closers.add(
      specs.map(({ id }) => id).join(', '),
      async () => void (await Promise.all(running.map((each) => each.stop(times.stopMs)))),
    )
    await Promise.all(running.map((each) => each.ready(times.readyMs)))
    return running
  }
  if (supabase.databaseUrl) closers.add('address', noteDatabaseUrl(stateDir, supabase.databaseUrl))
  const standIns = await run([supabase, xero].flatMap((each) => (each.spec ? [each.spec] : [])))
  say(`Redis ${redisUrl}, Supabase ${supabase.url}, Xero ${xero.apiUrl}`)
  await gateway.release()
  const services = await run(serviceSpecs(slots, { redisUrl, supabase, xero, secrets }, environment, logDir))
  say(`${services.length} services are ready; their logs are in ${logDir}`)

  const gatewayEnv = services[0]?.spec.env ?? {}
  return () => ({
    gatewayUrl: `http://localhost:${gateway.port}`,
    supabaseUrl: supabase.url,
    publishableKey: supabase.publishableKey,
    secretKey: supabase.secretKey,
    databaseUrl: supabase.databaseUrl,
    redisUrl,
    xeroUrl: xero.apiUrl,
    xeroApp: xero.app ?? null,
    tokenUrl: `${gatewayEnv.XERO_AUTH_URL}/token`,
    serviceToken: gatewayEnv.SERVICE_TOKEN ?? '',
    webhookKey: gatewayEnv.XERO_WEBHOOK_KEY ?? '',
    admin: supabase.spec ? { email: adminEmail, password: secrets.adminPassword } : null,
    processes: [...services, ...standIns].map(({ spec, pid }) => ({
      name: spec.name,
      pid: pid() ?? 0,
      healthUrl: spec.healthUrl,
    })),
  })
}

export const databaseUrlFile = (stateDir: string): string => join(stateDir, 'database-url')

/** Where `npm run migrate` and `npm run make-admin` find the database of the stack that runs. */
function noteDatabaseUrl(stateDir: string, databaseUrl: string): () => void {
  writeFileSync(databaseUrlFile(stateDir), databaseUrl, { mode: 0o600 })
  return () => rmSync(databaseUrlFile(stateDir), { force: true })
}

async function openRedis(dir: string, closers: Closers, say: (text: string) => void): Promise<string> {
  const redis = await keepRedis({ dir, appendOnly: true }, say)
  closers.add('redis', redis.close)
  return redis.url
}

/** The gateway's port is PORT, 3001 unless told, or the next free one. */
async function holdGatewayPort(environment: Environment, say: (text: string) => void): Promise<HeldPort> {
  const wished = Number(environment.PORT || 3001)
  const held = await holdPort(wished, environment.HOST || undefined)
  if (held.port !== wished) say(`Port ${wished} is taken; the gateway listens on ${held.port}`)
  return held
}

const takePorts = (replicas: Replicas, gatewayPort: number): Promise<readonly Slot[]> =>
  Promise.all(
    slotsOf(replicas).map(async (slot, index) => ({ ...slot, port: index === 0 ? gatewayPort : await freePort() })),
  )
