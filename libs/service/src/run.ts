import { hostname } from 'node:os'
import { connectBus } from '@afo/bus'
import { isJobName, type ServiceName } from '@afo/contracts'
import { createDb } from '@afo/db'
import {
  armFailpoints,
  type Closers,
  createApp,
  createLog,
  createRegistry,
  type Environment,
  type Log,
  listen,
  newId,
  notFound,
  operationsRouter,
  problemHandler,
  processEnvironment,
  type ReadinessCheck,
  readConfig,
  runProcess,
  timeScale,
  toAppError,
} from '@afo/kit'
import type { TokenSource } from '@afo/xero'
import { z } from 'zod'
import { type BaseConfig, baseConfig, type XeroConfig, xeroConfig } from './config.js'
import type { PlainService, ServiceContext, ServiceDefinition, ServiceParts } from './define.js'
import { isDemo } from './demo-keys.js'
import { buryCommand } from './jobs.js'
import { pauseGate } from './pauses.js'
import { runSchedules } from './schedules.js'
import { createSettings } from './settings.js'
import { createTokenClient } from './tokens.js'

export interface RunningService {
  readonly port: number
}

const settled = { databaseTimeoutMs: 15_000, pausePollMs: 2_000, schedulePollMs: 5_000, maxHeartbeatMs: 60_000 }

/** The `main` of every service: reads the environment, runs until a signal. A configuration that can't be used ends the process with every reason. */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const environment = processEnvironment()
  const log = createLog(definition.name, environment.LOG_LEVEL || 'info')
  const deadlineMs = Number(environment.STOP_DEADLINE_MS || 20_000)
  await runProcess(
    async (signal, closers) => void (await startService(definition, environment, log, signal, closers)),
    {
      log,
      deadlineMs: Number.isFinite(deadlineMs) ? deadlineMs : 20_000,
      followParent: environment.FOLLOW_PARENT === '1' || environment.FOLLOW_PARENT === 'true',
    },
  )
}

/**
 * Opens a service: config, Redis, Supabase, Xero where it is used, HTTP, consumers, schedules; each with its closer. For `runService` and for tests, which
 * hand in their own environment.
 */
export async function startService(
  definition: ServiceDefinition,
  environment: Environment,
  log: Log,
  signal: AbortSignal,
  closers: Closers,
): Promise<RunningService> {
  const schema = z.object({
    ...baseConfig.shape,
    ...(definition.xero ? xeroConfig.shape : {}),
    ...definition.config.shape,
  })
  const config = readConfig(schema, environment) as BaseConfig & XeroConfig
  const { name } = definition
  if (isDemo(environment))
    log.warn('Runs on the keys of deploy/demo.env, with the stand-ins of profile demo; for your own: ENV_FILE=.env')
  const production = config.NODE_ENV === 'production'
  const scale = timeScale(config.TIME_SCALE, production)
  armFailpoints(config.FAILPOINT_FILE, production)
  const registry = createRegistry(name)
  const db = createDb({
    url: config.SUPABASE_URL,
    key: config.SUPABASE_SERVICE_ROLE_KEY,
    timeoutMs: settled.databaseTimeoutMs,
  })
  const bus = await connectBus({ redisUrl: config.REDIS_URL, service: name, log, registry, scale })
  closers.add('bus', () => bus.close())

  const context: ServiceContext<unknown> = {
    name,
    config,
    log,
    db,
    bus,
    settings: createSettings(db),
    registry,
    scale,
    closers,
    signal,
  }
  const opened = definition.xero ? await openXero(context, config) : undefined
  const parts =
    definition.xero && opened
      ? await definition.build({ ...(context as ServiceContext<Record<string, unknown>>), xero: opened.xero })
      : await (definition as PlainService<z.ZodObject>).build(context as ServiceContext<Record<string, unknown>>)

  const { port } = await serve(context, config, parts, closers, consume(context, config, parts, opened?.gate))
  if (parts.schedules && parts.schedules.length > 0) {
    const ports = {
      db,
      bus,
      log,
      timeZone: config.BUSINESS_TIME_ZONE,
      pollMs: scale.ms(settled.schedulePollMs, 500),
      now: () => new Date(),
    }
    const running = runSchedules(parts.schedules, ports, signal)
    closers.add('schedules', () => running)
  }
  log.info({ port }, 'ready')
  return { port }
}

function consume(
  context: ServiceContext<unknown>,
  config: BaseConfig,
  parts: ServiceParts,
  gate: (() => Promise<boolean>) | undefined,
) {
  const { handlers } = parts
  if (!handlers || Object.keys(handlers).length === 0) return undefined
  const { name, bus, db, log, closers, scale, signal } = context
  const unpaused = pauseGate(db, name, scale.ms(settled.pausePollMs, 500))
  const consumer = bus.consume({
    handlers,
    concurrency: config.CONCURRENCY,
    gate: async () => (await unpaused?.()) !== false && (await gate?.()) !== false,
    onDead: ({ message, error }) => {
      if (message && isJobName(message.name))
        buryCommand(context, message.id, error).catch((err: unknown) => log.error({ err }, 'command not ended'))
    },
  })
  const stop = () => consumer.stop(config.STOP_DEADLINE_MS / 2)
  // At the first signal, not after the last open request.
  signal.addEventListener('abort', stop, { once: true })
  closers.add('consumer', stop)
  return consumer
}

async function serve(
  { bus, db, log, registry, scale }: ServiceContext<unknown>,
  config: BaseConfig,
  parts: ServiceParts,
  closers: Closers,
  consumer: { heartbeatAgeMs(): number } | undefined,
) {
  const readiness: ReadinessCheck[] = [
    { name: 'redis', check: () => bus.ping() },
    { name: 'supabase', check: () => db.ping() },
    ...(parts.readiness ?? []),
  ]
  const operations = operationsRouter({
    registry,
    readiness,
    heartbeatAgeMs: () => consumer?.heartbeatAgeMs(),
    maxHeartbeatMs: scale.ms(settled.maxHeartbeatMs, 10_000),
  })
  const app = createApp()
  if (config.OPERATIONS_PORT === undefined) app.use(operations)
  else
    await listen(
      createApp().use(operations, notFound, problemHandler(log)),
      { host: config.HOST, port: config.OPERATIONS_PORT },
      closers,
    )
  if (parts.routes) app.use(parts.routes)
  app.use(notFound)
  app.use(problemHandler(log))
  return listen(app, { host: config.HOST, port: config.PORT }, closers)
}

/** Loads the SDK only where it is used: gateway and xero-auth stay 20 MB smaller. */
async function openXero({ name, db, bus, log, registry, scale, closers }: ServiceContext<unknown>, config: XeroConfig) {
  const { createXero } = await import('@afo/xero')
  const tokens = createTokenClient({ url: config.XERO_AUTH_URL, serviceToken: config.SERVICE_TOKEN, scale, log })
  const xero = createXero({
    apiUrl: config.XERO_API_URL,
    tokens,
    inUse: () => db.rpc('sync_selected_tenant', {}),
    runScript: (lua, keys, args) => bus.runScript(lua, keys, args),
    log,
    registry,
    service: name,
    scale,
    record: (call) => db.rpc('sync_calls_record', { p_calls: [call as never] }).then(() => undefined),
    onBreaker: (change) => {
      const said = { name: 'breaker.changed', key: change.endpoint, body: { ...change, service: name } } as const
      // For people who look on; the metric tells the same later.
      const cause = { correlationId: newId(), causationId: null, tenantId: change.tenantId }
      bus.publish([said], cause).catch((err: unknown) => log.warn({ err }, 'not announced'))
    },
  })
  closers.add('xero', () => xero.close())
  return { xero, gate: () => isOpen(tokens, xero) }
}

/** Whether reading on makes sense: connected, token to be had, breaker shut, quota left. Otherwise messages wait where they are and burn no attempt. */
async function isOpen(tokens: TokenSource, xero: { gate(): Promise<boolean> }): Promise<boolean> {
  try {
    await tokens.get()
  } catch (thrown) {
    const { kind } = toAppError(thrown)
    if (kind === 'disconnected' || kind === 'unavailable') return false
    throw thrown
  }
  return xero.gate()
}

/** Names this process among its replicas. */
export const processName = (service: ServiceName): string =>
  `${service}:${hostname()}:${process.pid}:${Math.round(performance.timeOrigin)}`
