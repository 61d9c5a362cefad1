import type { SandboxClock } from './clock.js'

const minuteMs = 60_000
const dayMs = 86_400_000

export interface Limits {
  /** Off: every call is admitted and the headers show full budgets. */
  readonly enabled: boolean
  readonly perMinute: number
  readonly concurrent: number
  /** 1,000 on Xero's Starter tier, 5,000 from Core on. */
  readonly perDay: number
  readonly appPerMinute: number
}

export const starterLimits: Limits = { enabled: true, perMinute: 60, concurrent: 5, perDay: 1000, appPerMinute: 10_000 }

export type LimitProblem = 'minute' | 'day' | 'concurrent' | 'appminute'

export type Admission =
  | { readonly admitted: true; readonly leave: () => void }
  | { readonly admitted: false; readonly problem: LimitProblem; readonly retryAfterSeconds: number | undefined }

/** The admissions of the last `spanMs`, oldest first. */
export class SlidingWindow {
  #times: number[] = []
  #head = 0

  constructor(private readonly spanMs: number) {}

  count(now: number): number {
    while (this.#head < this.#times.length && (this.#times[this.#head] ?? 0) <= now - this.spanMs) this.#head++
    if (this.#head > 4096) {
      this.#times = this.#times.slice(this.#head)
      this.#head = 0
    }
    return this.#times.length - this.#head
  }

  add(now: number): void {
    this.#times.push(now)
  }

  /** Milliseconds until one more fits, given that `limit` are inside now. */
  waitMs(now: number, limit: number): number {
    const freeing = this.#times[this.#times.length - limit]
    return freeing === undefined ? this.spanMs : Math.max(0, freeing + this.spanMs - now)
  }

  times(): readonly number[] {
    return this.#times.slice(this.#head)
  }

  restore(times: readonly number[]): void {
    this.#times = [...times]
    this.#head = 0
  }
}

/** Xero's limits: any sliding minute and day per organisation, calls at once per organisation, any sliding minute per app. */
export class RateLimiter {
  limits: Limits
  readonly #minutes = new Map<string, SlidingWindow>()
  readonly #days = new Map<string, SlidingWindow>()
  readonly #apps = new Map<string, SlidingWindow>()
  readonly #running = new Map<string, number>()

  constructor(
    private readonly clock: SandboxClock,
    limits: Limits,
  ) {
    this.limits = limits
  }

  running(tenantId: string): number {
    return this.#running.get(tenantId) ?? 0
  }

  /** Admits or refuses one call. A refused call spends nothing. */
  enter(tenantId: string, clientId: string): Admission {
    const now = this.clock.now()
    if (this.limits.enabled) {
      const refusal = this.#refusal(tenantId, clientId, now)
      if (refusal) return { admitted: false, ...refusal }
      this.#minute(tenantId).add(now)
      this.#day(tenantId).add(now)
      this.#app(clientId).add(now)
    }
    this.#running.set(tenantId, this.running(tenantId) + 1)
    let left = false
    const leave = () => {
      if (left) return
      left = true
      this.#running.set(tenantId, this.running(tenantId) - 1)
    }
    return { admitted: true, leave }
  }

  #refusal(
    tenantId: string,
    clientId: string,
    now: number,
  ): { problem: LimitProblem; retryAfterSeconds: number | undefined } | undefined {
    const { perMinute, perDay, concurrent, appPerMinute } = this.limits
    const seconds = (window: SlidingWindow, limit: number) => Math.max(1, Math.ceil(window.waitMs(now, limit) / 1000))
    const [minute, day, app] = [this.#minute(tenantId), this.#day(tenantId), this.#app(clientId)]
    if (day.count(now) >= perDay) return { problem: 'day', retryAfterSeconds: seconds(day, perDay) }
    if (minute.count(now) >= perMinute) return { problem: 'minute', retryAfterSeconds: seconds(minute, perMinute) }
    if (app.count(now) >= appPerMinute) return { problem: 'appminute', retryAfterSeconds: seconds(app, appPerMinute) }
    if (this.running(tenantId) >= concurrent) return { problem: 'concurrent', retryAfterSeconds: undefined }
    return undefined
  }

  /** The three headers every answer carries: what is left, never the ceiling. */
  headers(tenantId: string | undefined, clientId: string | undefined): Record<string, string> {
    const now = this.clock.now()
    const { enabled, perMinute, perDay, appPerMinute } = this.limits
    const left = (limit: number, used: number) => String(enabled ? Math.max(0, limit - used) : limit)
    return {
      ...(tenantId === undefined
        ? {}
        : {
            'X-DayLimit-Remaining': left(perDay, this.#day(tenantId).count(now)),
            'X-MinLimit-Remaining': left(perMinute, this.#minute(tenantId).count(now)),
          }),
      'X-AppMinLimit-Remaining': left(appPerMinute, clientId === undefined ? 0 : this.#app(clientId).count(now)),
    }
  }

  reset(): void {
    for (const windows of [this.#minutes, this.#days, this.#apps]) windows.clear()
  }

  /** The day's spending survives a restart; the shorter windows needn't. */
  snapshot(): Record<string, readonly number[]> {
    return Object.fromEntries([...this.#days].map(([tenantId, window]) => [tenantId, window.times()]))
  }

  restore(days: Record<string, readonly number[]>): void {
    for (const [tenantId, times] of Object.entries(days)) this.#day(tenantId).restore(times)
  }

  #minute = (tenantId: string) => this.#window(this.#minutes, tenantId, minuteMs)
  #day = (tenantId: string) => this.#window(this.#days, tenantId, dayMs)
  #app = (clientId: string) => this.#window(this.#apps, clientId, minuteMs)

  #window(windows: Map<string, SlidingWindow>, key: string, spanMs: number): SlidingWindow {
    const existing = windows.get(key)
    if (existing) return existing
    const window = new SlidingWindow(this.clock.scale.ms(spanMs))
    windows.set(key, window)
    return window
  }
}
