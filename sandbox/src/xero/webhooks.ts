import { createHmac, randomBytes } from 'node:crypto'
import type { Log } from '@afo/kit'
import type { SandboxClock } from './clock.js'
import type { WebhookOptions } from './options.js'
import type { Change } from './store/organisation-store.js'

const answerWithinMs = 5000
const retryEveryMs = 15 * 60_000
const giveUpAfterMs = 24 * 60 * 60_000
const gatherMs = 150

export interface WebhookEvent {
  readonly resourceUrl: string
  readonly resourceId: string
  readonly eventDateUtc: string
  readonly eventType: string
  readonly eventCategory: string
  readonly tenantId: string
  readonly tenantType: 'ORGANISATION'
}

export interface WebhookState {
  readonly url: string | null
  readonly enabled: boolean
  readonly pending: number
  readonly delivered: number
  readonly failures: number
  /** What became of the last delivery: a status, or the network's words. */
  readonly last: string | null
}

export interface IntentResult {
  readonly ok: boolean
  readonly probes: readonly {
    readonly signed: 'right' | 'wrong'
    readonly status: number | null
    readonly durationMs: number
  }[]
}

/** Xero's webhooks: thin events, gathered into signed deliveries, in order, retried at once and then every 15 minutes for a day. */
export class Webhooks {
  #target: WebhookOptions | undefined
  #enabled = true
  #pending: WebhookEvent[] = []
  #sequence = 0
  #delivered = 0
  #failures = 0
  #last: string | null = null
  #failingSince: number | undefined
  #timer: NodeJS.Timeout | undefined
  #sending = false
  #closed = false
  /** How often each delivery is made: 2 shows what a receiver does with repeats, 0 loses them. */
  repeat = 1
  /** Whether a payment raises INVOICE UPDATE; Xero doesn't document it. */
  paymentRaisesInvoiceUpdate = true

  constructor(
    private readonly clock: SandboxClock,
    private readonly dirty: () => void,
    private readonly log: Log | undefined,
  ) {}

  configure(target: WebhookOptions | undefined): void {
    this.#target = target
    this.#enabled = target !== undefined
    this.#failingSince = undefined
    this.#schedule(gatherMs)
  }

  announce(tenantId: string, changes: readonly Change[]): void {
    if (!this.#target || !this.#enabled || this.repeat === 0) return
    for (const { category, id, kind, at = this.clock.now() } of changes) {
      const resource = category === 'CONTACT' ? 'Contacts' : 'Invoices'
      this.#pending.push({
        resourceUrl: `https://api.xero.com/api.xro/2.0/${resource}/${id}`,
        resourceId: id,
        eventDateUtc: new Date(at).toISOString().slice(0, 23),
        eventType: kind,
        eventCategory: category,
        tenantId,
        tenantType: 'ORGANISATION',
      })
    }
    this.dirty()
    this.#schedule(gatherMs)
  }

  /** Intent to receive: deliveries of nothing, some signed right (200 wanted) and some wrong (401 wanted). */
  async probe(): Promise<IntentResult> {
    const target = this.#target
    if (!target) return { ok: false, probes: [] }
    const kinds = ['right', 'wrong', 'wrong', 'right'] as const
    const probes = []
    for (const signed of kinds) {
      const started = performance.now()
      const body = JSON.stringify({ events: [], firstEventSequence: 0, lastEventSequence: 0, entropy: entropy() })
      const status = await this.#post(target, body, signed === 'right' ? target.key : `${target.key}x`).catch(
        () => null,
      )
      probes.push({ signed, status, durationMs: Math.round(performance.now() - started) })
    }
    const ok = probes.every(({ signed, status }) => status === (signed === 'right' ? 200 : 401))
    this.#enabled = ok
    if (ok) this.#schedule(0)
    return { ok, probes }
  }

  state(): WebhookState {
    const { url = null } = this.#target ?? {}
    return {
      url,
      enabled: this.#enabled,
      pending: this.#pending.length,
      delivered: this.#delivered,
      failures: this.#failures,
      last: this.#last,
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  snapshot() {
    return { pending: this.#pending, sequence: this.#sequence }
  }

  restore({ pending, sequence }: { readonly pending: readonly WebhookEvent[]; readonly sequence: number }): void {
    this.#pending = [...pending]
    this.#sequence = sequence
    this.#schedule(gatherMs)
  }

  clear(): void {
    this.#pending = []
  }

  #schedule(ms: number): void {
    if (this.#closed || this.#sending || this.#pending.length === 0 || !this.#target || !this.#enabled) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#flush(), ms)
    this.#timer.unref()
  }

  async #flush(): Promise<void> {
    const target = this.#target
    if (!target || this.#sending) return
    this.#sending = true
    const events = this.#pending.slice(0, 100)
    const first = this.#sequence + 1
    const body = JSON.stringify({
      events,
      firstEventSequence: first,
      lastEventSequence: first + events.length - 1,
      entropy: entropy(),
    })
    const arrived = (await this.#attempt(target, body)) || (await this.#attempt(target, body))
    this.#sending = false
    if (arrived) {
      for (let extra = 1; extra < this.repeat; extra++) await this.#attempt(target, body)
      this.#pending = this.#pending.slice(events.length)
      this.#sequence += events.length
      this.#delivered += events.length
      this.#failingSince = undefined
      this.dirty()
      this.#schedule(0)
      return
    }
    this.#failures++
    this.#failingSince ??= this.clock.now()
    if (this.clock.now() - this.#failingSince > this.clock.scale.ms(giveUpAfterMs)) this.#enabled = false
    else this.#schedule(this.clock.scale.ms(retryEveryMs))
  }

  async #attempt(target: WebhookOptions, body: string): Promise<boolean> {
    try {
      const status = await this.#post(target, body, target.key)
      this.#last = String(status)
      return status === 200
    } catch (cause) {
      this.#last = cause instanceof Error ? cause.message : String(cause)
      this.log?.debug({ err: cause }, 'webhook not delivered')
      return false
    }
  }

  async #post({ url }: WebhookOptions, body: string, key: string): Promise<number> {
    const signature = createHmac('sha256', key).update(body).digest('base64')
    const headers = { 'content-type': 'application/json; charset=utf-8', 'x-xero-signature': signature }
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(answerWithinMs),
      redirect: 'manual',
    })
    await response.body?.cancel()
    return response.status
  }
}

const entropy = () => randomBytes(10).toString('hex').toUpperCase()
