import { CallLog, type GrantCall } from './calls.js'
import { SandboxClock } from './clock.js'
import { Faults } from './faults.js'
import { IdempotencyStore } from './idempotency.js'
import { IdentityStorage } from './identity/adapter.js'
import { Connections } from './identity/connections.js'
import { type IdentityKeys, makeKeys } from './identity/provider.js'
import { type Limits, RateLimiter, starterLimits } from './limits.js'
import { checkApp, type SandboxApp, type XeroOptions } from './options.js'
import { defaultOrganisations, fillOrganisation, seedOrganisation } from './seed/organisation.js'
import { OrganisationStore } from './store/organisation-store.js'
import { Webhooks } from './webhooks.js'

/** All that the sandbox knows, in one place; its parts know nothing of HTTP. */
export class World {
  readonly clock: SandboxClock
  readonly limiter: RateLimiter
  readonly faults = new Faults()
  readonly calls = new CallLog()
  readonly grants: GrantCall[] = []
  readonly idempotency: IdempotencyStore
  readonly connections: Connections
  readonly identity: IdentityStorage
  readonly webhooks: Webhooks
  readonly apps = new Map<string, SandboxApp>()
  readonly #stores = new Map<string, OrganisationStore>()
  readonly #limits: Limits
  #keys: IdentityKeys = makeKeys()
  #dirty: () => void = () => {}

  constructor(private readonly options: XeroOptions) {
    const dirty = () => this.#dirty()
    this.clock = new SandboxClock(options.timeScale)
    this.#limits = { ...starterLimits, ...options.limits }
    this.limiter = new RateLimiter(this.clock, this.#limits)
    this.idempotency = new IdempotencyStore(this.clock)
    this.connections = new Connections(dirty)
    this.identity = new IdentityStorage(this.clock, (clientId) => this.apps.get(clientId), dirty)
    this.webhooks = new Webhooks(this.clock, dirty, options.log)
    this.webhooks.configure(options.webhook)
    for (const app of options.apps) this.setApp(app)
    this.seed()
  }

  get keys(): IdentityKeys {
    return this.#keys
  }

  get stores(): readonly OrganisationStore[] {
    return [...this.#stores.values()]
  }

  store(tenantId: string): OrganisationStore | undefined {
    return this.#stores.get(tenantId.toLowerCase())
  }

  /** Registers an app, or changes its redirect URIs, as its owner would in Xero's developer portal. */
  setApp(app: SandboxApp): void {
    this.apps.set(app.clientId, checkApp(app))
  }

  noteGrant(grantType: string, clientId: string | null, error: string | null): void {
    const atMs = this.clock.now()
    this.grants.push({ at: new Date(atMs).toISOString(), atMs, grantType, clientId, error })
  }

  /** Is told of every change that should survive a restart. */
  onDirty(dirty: () => void): void {
    this.#dirty = dirty
  }

  /** Something changed that the stores don't notice themselves. */
  touch(): void {
    this.#dirty()
  }

  /** Back to the seed: no connection, no document, no fault, the machine's own time. */
  reset(): void {
    this.clock.setOffset(0)
    this.limiter.limits = this.#limits
    this.limiter.reset()
    this.faults.clear()
    this.calls.clear()
    this.grants.length = 0
    this.idempotency.clear()
    this.connections.restore([])
    this.identity.clear()
    this.webhooks.clear()
    this.seed()
    this.#dirty()
  }

  seed(): void {
    this.#stores.clear()
    // A minute old, so that "changed since I began" leaves the seed out.
    const now = this.clock.now() - 60_000
    for (const option of this.options.organisations ?? defaultOrganisations) {
      const store = this.#makeStore(seedOrganisation(option, now))
      fillOrganisation(store, option, now)
    }
  }

  snapshot() {
    return {
      version: 1,
      clockOffsetMs: this.clock.offsetMs,
      keys: this.#keys,
      identity: this.identity.snapshot(),
      connections: this.connections.list(),
      idempotency: this.idempotency.snapshot(),
      days: this.limiter.snapshot(),
      webhooks: this.webhooks.snapshot(),
      organisations: this.stores.map((store) => store.snapshot()),
    }
  }

  restore(snapshot: ReturnType<World['snapshot']>): void {
    this.clock.setOffset(snapshot.clockOffsetMs)
    this.#keys = snapshot.keys
    this.identity.restore(snapshot.identity)
    this.connections.restore(snapshot.connections)
    this.idempotency.restore(snapshot.idempotency)
    this.limiter.restore(snapshot.days)
    this.webhooks.restore(snapshot.webhooks)
    for (const saved of snapshot.organisations) this.#makeStore(saved.organisation).load(saved)
  }

  #makeStore(organisation: OrganisationStore['organisation']): OrganisationStore {
    const store = new OrganisationStore(organisation, {
      dirty: () => this.#dirty(),
      announce: (tenantId, changes) => this.webhooks.announce(tenantId, changes),
    })
    this.#stores.set(organisation.OrganisationID, store)
    return store
  }
}
