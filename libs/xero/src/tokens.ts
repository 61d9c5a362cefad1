import { createHash } from 'node:crypto'
import { AppError, type Log, type Secret, type TimeScale } from '@afo/kit'
import { z } from 'zod'
import type { AccessToken, TokenSource } from './types.js'

const accessToken = z.object({
  accessToken: z.string().min(1),
  tenantId: z.string().min(1),
  tenantName: z.string(),
  expiresAt: z.iso.datetime({ offset: true }),
})
const problem = z.object({ code: z.string(), detail: z.string().optional() })

export interface TokenClientOptions {
  readonly url: string
  readonly serviceToken: Secret
  readonly scale: TimeScale
  readonly log: Log
}

/** The HTTP client of xero-auth, the one service that may read the vault. Asks once for all who wait, and again shortly before expiry. */
export function createTokenClient({ url, serviceToken, scale, log }: TokenClientOptions): TokenSource {
  const timeoutMs = scale.ms(20_000, 5_000)
  const marginMs = scale.ms(60_000)
  let cached: AccessToken | undefined
  let stale: string | undefined
  let asking: Promise<AccessToken> | undefined

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${serviceToken.reveal()}`, 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(timeoutMs)
    return fetch(`${url.replace(/\/$/, '')}${path}`, { ...init, headers, signal }).catch((cause: unknown) => {
      throw new AppError('unavailable', 'The token service does not answer', { code: 'token-service', cause })
    })
  }

  async function ask(): Promise<AccessToken> {
    const response = await request(stale === undefined ? '/token' : `/token?stale=${stale}`)
    const body: unknown = await response.json().catch(() => undefined)
    if (response.status === 409) {
      const said = problem.safeParse(body).data
      if (said?.code === 'not-connected') {
        throw new AppError('disconnected', said.detail ?? 'Xero is not connected', { code: 'not-connected' })
      }
    }
    const token = response.ok ? accessToken.safeParse(body).data : undefined
    if (!token) {
      throw new AppError('unavailable', 'The token service has no token', {
        code: 'token-service',
        details: { status: response.status },
      })
    }
    stale = undefined
    cached = token
    return token
  }

  const forget = () => {
    cached = undefined
  }

  return {
    async get() {
      if (cached && Date.parse(cached.expiresAt) - marginMs > Date.now()) return cached
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return asking
    },
    reject(rejected) {
      if (cached?.accessToken !== rejected) return
      forget()
      stale = createHash('sha256').update(rejected).digest('hex')
    },
    async reportDisconnected(tenantId, reason) {
      forget()
      try {
        const response = await request('/disconnected', { method: 'POST', body: JSON.stringify({ tenantId, reason }) })
        if (!response.ok)
          log.error({ tenantId, status: response.status }, 'xero-auth refused the report of a disconnection')
      } catch (err) {
        // Whoever calls Xero next finds out again and reports again.
        log.warn({ err, tenantId }, 'reporting a disconnection failed')
      }
    },
  }
}
