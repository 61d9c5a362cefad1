import { createPublicKey, type KeyObject } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import type { SandboxClock } from '../clock.js'
import { audience, type IdentityKeys } from './provider.js'

export interface Bearer {
  readonly userId: string
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
}

export type BearerResult =
  | { readonly ok: true; readonly bearer: Bearer }
  | { readonly ok: false; readonly detail: string }

/** Checks access tokens as Xero's API does: signature, audience, expiry in Xero's time. */
export class BearerCheck {
  readonly #key: KeyObject
  // Signatures are checked once per token: a sync sends the same one hundreds of times.
  readonly #seen = new Map<string, { readonly bearer: Bearer; readonly exp: number }>()

  constructor(
    keys: IdentityKeys,
    private readonly clock: SandboxClock,
  ) {
    this.#key = createPublicKey({ key: keys.jwk as never, format: 'jwk' })
  }

  async check(authorization: string | undefined): Promise<BearerResult> {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
    if (!token) return { ok: false, detail: 'AuthenticationUnsuccessful' }
    const now = this.clock.now()
    const seen = this.#seen.get(token)
    if (seen) return seen.exp > now ? { ok: true, bearer: seen.bearer } : { ok: false, detail: expired(seen.exp) }
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        audience,
        algorithms: ['RS256'],
        currentDate: new Date(now),
      })
      const { sub = '', client_id, scope, exp = 0 } = payload
      const bearer = {
        userId: sub,
        clientId: String(client_id),
        scopes: new Set(Array.isArray(scope) ? scope.map(String) : []),
      }
      if (this.#seen.size > 1000) this.#seen.clear()
      this.#seen.set(token, { bearer, exp: exp * 1000 })
      return { ok: true, bearer }
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) return { ok: false, detail: expired(Number(cause.payload.exp) * 1000) }
      return { ok: false, detail: 'AuthenticationUnsuccessful' }
    }
  }
}

/** "TokenExpired: token expired at 08/12/2022 07:00:40" */
function expired(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `TokenExpired: token expired at ${month}/${day}/${year} ${time.slice(0, 8)}`
}
