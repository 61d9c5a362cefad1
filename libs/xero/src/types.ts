import type { Priority, ThrottleReason } from '@afo/limiter'
import type { Problem } from '@afo/wire'

/**
 * How a call to Xero ended. Only `ok` and `rejected` say what Xero did; `unknown` may or may not have happened there.
 * `throttled` and `unavailable` were surely not executed.
 */
export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'rejected'; readonly status: number; readonly problem: Problem }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number; readonly reason: ThrottleReason }
  /** `open`: the breaker said no without asking Xero, so that no attempt is burnt. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number; readonly reason: string; readonly open?: boolean }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'disconnected'; readonly reason: string }

export interface CallOptions {
  readonly priority: Priority
  /** Creates only; 128 characters at most; lives 6 minutes at Xero. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

/** A token for the connected organisation, as xero-auth's `GET /token` gives it. */
export interface AccessToken {
  readonly accessToken: string
  readonly tenantId: string
  readonly tenantName: string
  readonly expiresAt: string
}

export interface TokenSource {
  /** The cached token, or a fresh one. @throws AppError `disconnected` or `unavailable` */
  get(): Promise<AccessToken>
  /** The token belongs to an organisation that is no longer in use: the next `get` asks xero-auth. */
  forget(): void
  /** Xero answered 401 to this token: forget it, so that the next `get` asks xero-auth to look again. */
  reject(accessToken: string): void
  /** Xero says of this token that the organisation is no longer connected, or that it may not do this: tell xero-auth, which marks it once for all. */
  reportDisconnected(accessToken: string, tenantId: string, reason: string): Promise<void>
}
