import { AsyncLocalStorage } from 'node:async_hooks'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { SandboxClock } from '../clock.js'
import type { SandboxApp } from '../options.js'

interface Stored {
  readonly payload: AdapterPayload
  /** How far Xero's time was ahead when it was written, in milliseconds. */
  readonly offsetMs: number
  consumedAt?: number
}

export type IdentitySnapshot = readonly (readonly [string, Stored])[]

const graceMs = 30 * 60_000

/** What the provider stores, kept across restarts and moved by the sandbox's clock. */
export class IdentityStorage {
  readonly #stored = new Map<string, Stored>()
  /** How the request at hand proves its client; Xero takes either way from any app. */
  readonly authMethod = new AsyncLocalStorage<'client_secret_basic' | 'client_secret_post'>()

  constructor(
    private readonly clock: SandboxClock,
    private readonly app: (clientId: string) => SandboxApp | undefined,
    private readonly dirty: () => void,
  ) {}

  adapter = (model: string): Adapter => {
    const key = (id: string) => `${model}:${id}`
    return {
      upsert: async (id, payload) => {
        this.#stored.set(key(id), { payload, offsetMs: this.clock.offsetMs })
        this.dirty()
      },
      find: async (id) => (model === 'Client' ? this.#client(id) : this.#find(key(id))),
      findByUid: async (uid) => this.#findBy(model, (payload) => payload.uid === uid),
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const entry = this.#stored.get(key(id))
        // A retry inside the grace doesn't prolong it.
        if (entry) entry.consumedAt ??= this.clock.now()
        this.dirty()
      },
      destroy: async (id) => {
        this.#stored.delete(key(id))
        this.dirty()
      },
      revokeByGrantId: async (grantId) => {
        for (const [id, { payload }] of this.#stored)
          if (payload.grantId === grantId && id.startsWith(`${model}:`)) this.#stored.delete(id)
        this.dirty()
      },
    }
  }

  /** Every refresh token dies, as 60 days unused or a password change would have it. */
  forgetRefreshTokens(): void {
    for (const id of this.#stored.keys()) if (id.startsWith('RefreshToken:')) this.#stored.delete(id)
    this.dirty()
  }

  clear(): void {
    this.#stored.clear()
  }

  snapshot(): IdentitySnapshot {
    const nowSeconds = this.clock.now() / 1000
    return [...this.#stored].filter(
      ([, { payload, offsetMs }]) => (payload.exp ?? Infinity) + offsetMs / 1000 > nowSeconds,
    )
  }

  restore(entries: IdentitySnapshot): void {
    for (const [id, stored] of entries) this.#stored.set(id, stored)
  }

  /**
   * The provider reads the machine's clock, so what was written is shown as many seconds older as Xero's clock was moved since. A rotated
   * refresh token stays good for 30 minutes; after that it is simply gone, which is `invalid_grant` without ending the newer one.
   */
  #find(key: string): AdapterPayload | undefined {
    const entry = this.#stored.get(key)
    if (!entry) return undefined
    const { payload, offsetMs, consumedAt } = entry
    const aged = Math.round((this.clock.offsetMs - offsetMs) / 1000)
    const shown = {
      ...payload,
      ...(payload.exp ? { exp: payload.exp - aged } : {}),
      ...(payload.iat ? { iat: payload.iat - aged } : {}),
    }
    if (consumedAt === undefined) return shown
    if (!key.startsWith('RefreshToken:')) return { ...shown, consumed: true }
    return this.clock.now() < consumedAt + this.clock.scale.ms(graceMs) ? shown : undefined
  }

  #findBy(model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, { payload }] of this.#stored)
      if (key.startsWith(`${model}:`) && matches(payload)) return this.#find(key)
    return undefined
  }

  #client(clientId: string): AdapterPayload | undefined {
    const app = this.app(clientId)
    if (!app) return undefined
    return {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      client_name: app.name ?? 'AmpedFieldOps',
      redirect_uris: [...app.redirectUris],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: this.authMethod.getStore() ?? 'client_secret_basic',
    }
  }
}
