import type { AlertSecret, DueDelivery, Settings } from '@afo/contracts'

export type Alert = DueDelivery['alert']

/** Says an alert on one way. @throws AppError with the reason, as the office may read it */
export type Sender = (alert: Alert, settings: Settings<'alerts'>, secrets: Secrets) => Promise<void>

export type Secrets = Partial<Record<AlertSecret, string | undefined>>

export interface SenderOptions {
  /** Hosts that may be in a private network. */
  readonly allowed: readonly string[]
  readonly timeoutMs: number
}
