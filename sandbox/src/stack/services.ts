import { join } from 'node:path'
import { type ServiceName, serviceNames } from '@afo/contracts'
import { type Environment, serviceFlags } from '@afo/kit'
import type { SupabaseAddress, XeroAddress } from './outside.js'
import type { StackSecrets } from './secrets.js'
import { cloneDir } from './state.js'
import type { ProcessSpec } from './supervised.js'

export type Replicas = Partial<Record<ServiceName, number>>

/** What the services have to know of the world around them. */
export interface Surroundings {
  readonly redisUrl: string
  readonly supabase: SupabaseAddress
  readonly xero: XeroAddress
  readonly secrets: StackSecrets
}

/** One process to run: which service, the how-manieth of it, on which port. */
export interface Slot {
  readonly service: ServiceName
  readonly number: number
  readonly port: number
}

/** @throws naming what isn't a service or not a number of replicas */
export function parseReplicas(texts: readonly string[]): Replicas {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, count] = /^([a-z-]+)=(\d{1,2})$/.exec(text) ?? []
      if (!name || !(serviceNames as readonly string[]).includes(name) || Number(count) < 1)
        throw new Error(
          `--replicas takes SERVICE=NUMBER, for instance invoicing=3, not "${text}"; the services are ${serviceNames.join(', ')}`,
        )
      return [name, Number(count)]
    }),
  )
}

/** Which processes there are to be: each service once, or as often as asked. */
export const slotsOf = (replicas: Replicas): readonly Omit<Slot, 'port'>[] =>
  serviceNames.flatMap((service) =>
    Array.from({ length: replicas[service] ?? 1 }, (_, i) => ({ service, number: i + 1 })),
  )

const addressOf = (slots: readonly Slot[], service: ServiceName): string => {
  const slot = slots.find((candidate) => candidate.service === service)
  return `http://127.0.0.1:${slot?.port}`
}

/** The services' processes and their environment. `base` is this process's own; what it sets beyond addresses and keys reaches the services. */
export function serviceSpecs(
  slots: readonly Slot[],
  around: Surroundings,
  base: Environment,
  logDir: string,
): readonly ProcessSpec[] {
  const gatewayPort = slots.find(({ service }) => service === 'gateway')?.port
  // Xero takes plain http only for localhost.
  const publicUrl = base.PUBLIC_URL || `http://localhost:${gatewayPort}`
  const shared: Environment = {
    ...base,
    FOLLOW_PARENT: '1',
    REDIS_URL: around.redisUrl,
    SUPABASE_URL: around.supabase.url,
    SUPABASE_SERVICE_ROLE_KEY: around.supabase.secretKey,
    ...(around.supabase.publishableKey ? { SUPABASE_PUBLISHABLE_KEY: around.supabase.publishableKey } : {}),
    XERO_API_URL: around.xero.apiUrl,
    XERO_IDENTITY_URL: around.xero.identityUrl,
    XERO_LOGIN_URL: around.xero.loginUrl,
    XERO_AUTH_URL: addressOf(slots, 'xero-auth'),
    INVOICING_URL: addressOf(slots, 'invoicing'),
    CONTACT_SYNC_URL: addressOf(slots, 'contact-sync'),
    SERVICE_TOKEN: base.SERVICE_TOKEN || around.secrets.serviceToken,
    ENCRYPTION_KEY: base.ENCRYPTION_KEY || around.secrets.encryptionKey,
    XERO_WEBHOOK_KEY: base.XERO_WEBHOOK_KEY || around.secrets.webhookKey,
    PUBLIC_URL: publicUrl,
  }
  return slots.map(({ service, number, port }) => {
    const id = number === 1 ? service : `${service}-${number}`
    const host = service === 'gateway' ? base.HOST || '127.0.0.1' : '127.0.0.1'
    return {
      name: service,
      id,
      args: [...serviceFlags, join(cloneDir, 'services', service, 'dist', 'main.js')],
      env: { ...shared, HOST: host, PORT: String(port) },
      readyUrl: `http://127.0.0.1:${port}/ready`,
      healthUrl: `http://127.0.0.1:${port}/health`,
      logFile: join(logDir, `${id}.log`),
    }
  })
}
