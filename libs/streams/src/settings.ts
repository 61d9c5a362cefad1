import { AppError, type TimeScale } from '@afo/kit'

/** Every duration of the bus in milliseconds: its real value, and the floor that a test's TIME_SCALE can't go under. */
const durations = {
  /** What its owner hasn't renewed for this long is taken over: with one beat and one read, within 15 s. */
  leaseMs: [12_000, 2_000],
  /** Leases are renewed and looked for, and what was delayed comes back, so often. One read waits no longer, nor does stopping. */
  beatMs: [1_000, 250],
  gateMs: [10_000, 500],
  retryBaseMs: [1_000, 50],
  retryCapMs: [600_000, 2_000],
  /** For what doesn't count as an attempt and names no time of its own. */
  pauseMs: [15_000, 500],
  handlerMs: [60_000, 5_000],
  jobMs: [900_000, 30_000],
  /** Between telling a handler to stop and no longer waiting for it. */
  graceMs: [5_000, 1_000],
  /** For one answer of Redis. */
  commandMs: [3_000, 2_000],
  connectMs: [15_000, 10_000],
  tidyMs: [60_000, 1_000],
  /** Facts stay so long for live views to resume from, and this long where no group listens. */
  retentionMs: [3_600_000, 60_000],
  unheardMs: [604_800_000, 60_000],
  consumerIdleMs: [3_600_000, 60_000],
  tailMs: [250, 50],
  /** While each handling takes less than this, messages are read ahead. CPU time: not scaled. */
  quickMs: [2, 2],
} as const satisfies Record<string, readonly [real: number, floor: number]>

/** 30 attempts are some two and a half hours of a peer being away; 10 deliveries without an end are 10 processes that died with the message. */
const limits = { concurrency: 16, maxAttempts: 30, maxBugAttempts: 6, maxDeliveries: 10 } as const

export type Settings = { readonly [K in keyof typeof durations | keyof typeof limits]: number }

/**
 * The settings under a time scale; what is overridden is taken as it is, neither scaled nor floored.
 * @throws AppError `invalid` where the order of durations is broken
 */
export function resolveSettings(scale: TimeScale, overrides: Partial<Settings> = {}): Settings {
  const scaled = Object.entries(durations).map(([name, [real, floor]]) => [name, scale.ms(real, floor)])
  const settings = { ...limits, ...Object.fromEntries(scaled), ...overrides } as Settings
  if (settings.beatMs * 3 <= settings.leaseMs) return settings
  throw new AppError('invalid', `Renewing every ${settings.beatMs} ms can't keep a lease of ${settings.leaseMs} ms`)
}
