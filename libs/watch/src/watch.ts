import { type AlertCause, type AlertSecret, type ServiceName, type Settings, serviceNames } from '@afo/contracts'
import type { Db } from '@afo/db'
import { AppError, type Log, type TimeScale } from '@afo/kit'
import { createAlerting } from './alerts/alerting.js'
import { emailSender } from './alerts/email.js'
import { deadLetterCauses, quotaCauses, type SpentQuota } from './alerts/facts.js'
import type { Secrets } from './alerts/ports.js'
import { webhookSender } from './alerts/webhook.js'
import { keepWatching } from './keep.js'
import { createRetention } from './retention.js'

/** What the service that watches hands in. */
export interface WatchOptions {
  readonly db: Db
  readonly log: Log
  readonly scale: TimeScale
  readonly settings: { read<G extends 'alerts' | 'retention'>(group: G): Promise<Settings<G>> }
  readonly bus: {
    listDead(service: ServiceName, page: { limit: number }): Promise<readonly { id: string; reason: string }[]>
  }
  readonly config: {
    readonly NODE_ENV: string
    readonly BUSINESS_TIME_ZONE: string
    readonly PUBLIC_URL?: string | undefined
    readonly ALERT_ALLOWED_HOSTS: readonly string[]
  }
  /** Null where Xero is not connected. */
  readonly quota: () => Promise<SpentQuota | null>
  /** The alerts' secrets, from the vault and into it. */
  readonly secrets: {
    read(): Promise<Secrets>
    save(secrets: Partial<Record<AlertSecret, string | null>>): Promise<void>
  }
}

const timeoutMs = 15_000

/** Alerts and retention over a service's own things: `ports` for the routes, `keep` for the loop. */
export function createWatch(options: WatchOptions) {
  const { db, log, scale, settings, bus, config, quota, secrets } = options
  const allowed = config.ALERT_ALLOWED_HOSTS
  if (config.NODE_ENV === 'production' && allowed.length > 0)
    throw new AppError('invalid', 'ALERT_ALLOWED_HOSTS is for tests and development; NODE_ENV=production refuses it')
  const deadLetters = async (): Promise<AlertCause[]> => {
    const newest = await Promise.all(
      serviceNames.map(async (name) => ({ name, letters: await bus.listDead(name, { limit: 1 }) })),
    )
    return deadLetterCauses(newest)
  }
  const alerting = createAlerting({
    db,
    log,
    scale,
    settings,
    timeZone: config.BUSINESS_TIME_ZONE,
    link: config.PUBLIC_URL === undefined ? null : new URL('/app', config.PUBLIC_URL).href,
    secrets: secrets.read,
    senders: {
      email: emailSender({ allowed, timeoutMs }),
      webhook: webhookSender({ allowed, timeoutMs }, Date.now),
    },
    quota: async () => quotaCauses(await quota()),
    deadLetters,
  })
  return {
    ports: { alerting, saveAlertSecrets: secrets.save },
    keep: (signal: AbortSignal) =>
      keepWatching({ alerting, retention: createRetention(db, settings), log, scale }, signal),
  }
}
