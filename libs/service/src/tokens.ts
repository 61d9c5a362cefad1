import { xeroAuth } from '@afo/contracts'
import { AppError, createInternalClient, type Log, type Secret, sha256Hex, type TimeScale } from '@afo/kit'
import type { AccessToken, TokenSource } from '@afo/xero'

export interface TokenClientOptions {
  readonly url: string
  readonly serviceToken: Secret
  readonly scale: TimeScale
  readonly log: Log
}

/** The client of xero-auth, the one service that may read the vault. Asks once for all who wait, and again shortly before expiry. */
export function createTokenClient({ url, serviceToken, scale, log }: TokenClientOptions): TokenSource {
  const auth = createInternalClient({
    name: 'xero-auth',
    url,
    token: serviceToken,
    timeoutMs: scale.ms(20_000, 5_000),
  })
  const marginMs = scale.ms(60_000)
  let cached: AccessToken | undefined
  let stale: string | undefined
  let asking: Promise<AccessToken> | undefined

  async function ask(): Promise<AccessToken> {
    try {
      cached = await auth.call('GET', '/token', xeroAuth.token.answer, { query: { stale } })
      stale = undefined
      return cached
    } catch (cause) {
      if (cause instanceof AppError && cause.code === 'not-connected')
        throw new AppError('disconnected', cause.message, { code: 'not-connected' })
      throw new AppError('unavailable', 'The token service has no token', { code: 'token-service', cause })
    }
  }

  return {
    async get() {
      if (cached && Date.parse(cached.expiresAt) - marginMs > Date.now()) return cached
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return asking
    },
    forget() {
      cached = undefined
    },
    reject(rejected) {
      if (cached?.accessToken !== rejected) return
      cached = undefined
      stale = sha256Hex(rejected)
    },
    async reportDisconnected(refused, tenantId, reason) {
      cached = undefined
      try {
        const body = { tenantId, reason, token: sha256Hex(refused) }
        await auth.call('POST', '/disconnected', xeroAuth.disconnected.answer, { body })
      } catch (err) {
        // Whoever calls Xero next finds out again and reports again.
        log.warn({ err, tenantId }, 'reporting a disconnection failed')
      }
    },
  }
}
