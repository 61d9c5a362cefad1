import type { Call, GrantCall } from '../calls.js'
import type { Fault, FaultRequest } from '../faults.js'
import type { Limits } from '../limits.js'
import type { Violation } from '../openapi/contract.js'
import type { SandboxApp, WebhookOptions } from '../options.js'
import type { Account, Organisation, TaxRate, TrackingCategory } from '../store/types.js'
import type { IntentResult, WebhookState } from '../webhooks.js'
import type { World } from '../world.js'
import { PersonInXero, Refused } from './actions.js'
import { type Ledger, ledgerOf } from './ledger.js'

/** The control door in-process: the same as `/_sandbox` over HTTP. A tenantId left out means the first organisation. */
export class Control {
  constructor(
    readonly world: World,
    private readonly contract: { violations(): readonly Violation[]; clear(): void } | undefined,
  ) {}

  /** What a person does inside Xero. */
  person(tenantId?: string): PersonInXero {
    return new PersonInXero(this.world, this.#store(tenantId))
  }

  ledger(tenantId?: string): Ledger {
    return ledgerOf(this.#store(tenantId))
  }

  organisations(): readonly Organisation[] {
    return this.world.stores.map((store) => store.organisation)
  }

  /** Name, lock dates, currencies, time zone, forbidden actions. */
  setOrganisation(change: Partial<Omit<Organisation, 'OrganisationID'>>, tenantId?: string): Organisation {
    const store = this.#store(tenantId)
    store.setOrganisation({ ...store.organisation, ...change })
    return store.organisation
  }

  /** Changes an account by its code, or adds one. */
  setAccount(account: Pick<Account, 'Code'> & Partial<Account>, tenantId?: string): Account {
    const store = this.#store(tenantId)
    const before = store.accounts.by(store.accountByCode, account.Code.toLowerCase())
    const fresh = {
      AccountID: crypto.randomUUID(),
      Name: account.Code,
      Type: 'REVENUE',
      TaxType: 'NONE',
      Status: 'ACTIVE',
      Class: 'REVENUE',
      EnablePaymentsToAccount: false,
    } as const
    const row: Account = { ...fresh, ...before, ...account, updatedAt: this.world.clock.now() }
    store.accounts.put(row)
    return row
  }

  /** Changes a tax rate by its type, or adds one. */
  setTaxRate(rate: Pick<TaxRate, 'TaxType'> & Partial<TaxRate>, tenantId?: string): TaxRate {
    const store = this.#store(tenantId)
    const fresh = {
      Name: rate.TaxType,
      Status: 'ACTIVE',
      ReportTaxType: 'OUTPUT',
      CanApplyTo: ['REVENUE'],
      Rate: '0',
    } as const
    const row: TaxRate = { ...fresh, ...store.taxRates.get(rate.TaxType), ...rate, updatedAt: this.world.clock.now() }
    store.taxRates.put(row)
    return row
  }

  /** Changes a tracking category by its id. */
  setTracking(
    category: Pick<TrackingCategory, 'TrackingCategoryID'> & Partial<TrackingCategory>,
    tenantId?: string,
  ): TrackingCategory {
    const store = this.#store(tenantId)
    const before = store.trackingCategories.get(category.TrackingCategoryID)
    const row: TrackingCategory = {
      Name: 'Category',
      Status: 'ACTIVE',
      Options: [],
      ...before,
      ...category,
      updatedAt: this.world.clock.now(),
    }
    store.trackingCategories.put(row)
    return row
  }

  /** A person disconnects the app inside Xero: tokens still refresh, calls answer 403. Answers how many connections went. */
  disconnect(tenantId?: string): number {
    return this.world.connections.remove((c) => tenantId === undefined || c.tenantId === tenantId)
  }

  /** All refresh tokens die, as after 60 days of silence. */
  expireRefreshTokens(): void {
    this.world.identity.forgetRefreshTokens()
  }

  setApp(app: SandboxApp): void {
    this.world.setApp(app)
  }

  addFault(fault: FaultRequest): Fault {
    return this.world.faults.add(fault)
  }

  faults(): readonly Fault[] {
    return this.world.faults.list()
  }

  clearFaults(): void {
    this.world.faults.clear()
  }

  /** Moves Xero's clock, by or to; answers its time in milliseconds. */
  moveClock({ advanceMs, now }: { advanceMs?: number | undefined; now?: number | undefined }): number {
    if (now !== undefined) this.world.clock.setNow(now)
    if (advanceMs !== undefined) this.world.clock.advance(advanceMs)
    this.world.touch()
    return this.world.clock.now()
  }

  calls(since?: number): readonly Call[] {
    return this.world.calls.list(since)
  }

  callsByEndpoint(since?: number): Record<string, number> {
    return this.world.calls.byEndpoint(since)
  }

  /** What the token endpoint answered, refreshes above all. */
  grants(since = 0): readonly GrantCall[] {
    return this.world.grants.filter((grant) => grant.atMs >= since)
  }

  clearCalls(): void {
    this.world.calls.clear()
    this.world.grants.length = 0
  }

  limits(): Limits {
    return this.world.limiter.limits
  }

  setLimits(limits: Partial<Limits>): Limits {
    this.world.limiter.limits = { ...this.world.limiter.limits, ...limits }
    return this.world.limiter.limits
  }

  setWebhook(change: {
    target?: WebhookOptions | null | undefined
    repeat?: number | undefined
    paymentRaisesInvoiceUpdate?: boolean | undefined
  }): WebhookState {
    const { webhooks } = this.world
    if (change.target !== undefined) webhooks.configure(change.target ?? undefined)
    if (change.repeat !== undefined) webhooks.repeat = change.repeat
    if (change.paymentRaisesInvoiceUpdate !== undefined)
      webhooks.paymentRaisesInvoiceUpdate = change.paymentRaisesInvoiceUpdate
    return webhooks.state()
  }

  webhook(): WebhookState {
    return this.world.webhooks.state()
  }

  intentToReceive(): Promise<IntentResult> {
    return this.world.webhooks.probe()
  }

  /** Where requests or answers left Xero's OpenAPI document; undefined without that document. */
  violations(): readonly Violation[] | undefined {
    return this.contract?.violations()
  }

  reset(): void {
    this.world.reset()
    this.contract?.clear()
  }

  #store(tenantId: string | undefined) {
    const store = tenantId === undefined ? this.world.stores[0] : this.world.store(tenantId)
    if (!store) throw new Refused([`There is no organisation ${tenantId}`], 404)
    return store
  }
}
