import { AppError, type TimeScale } from '@afo/kit'

/** Every duration of the bus in milliseconds: its real value, and the floor that a test's TIME_SCALE can't go under. */
const durations = {
  /** A message whose owner hasn't renewed it for this long is taken over. Lease plus claim interval is the takeover time: at most 16 s. */
  leaseMs: [12_000, 2_000],
  renewMs: [4_000, 500],
  claimMs: [4_000, 500],
  /** How long one read waits for messages. */
  blockMs: [5_000, 500],
  /** Most that a due message waits for the forwarder. */
  forwardMs: [1_000, 100],
  gateBaseMs: [500, 50],
  gateCapMs: [10_000, 500],
  retryBaseMs: [1_000, 50],
  retryCapMs: [600_000, 2_000],
  /** Delay of what doesn't count as an attempt and names no time of its own. */
  pauseMs: [15_000, 500],
  handlerMs: [60_000, 5_000],
  /** Jobs renew their lease while they work. */
  jobMs: [900_000, 30_000],
  /** Between telling a handler to stop and no longer waiting for it. */
  graceMs: [5_000, 1_000],
  /** For one answer of Redis. */
  commandMs: [3_000, 2_000],
  connectMs: [15_000, 10_000],
  janitorMs: [60_000, 1_000],
  /** Facts stay this long for live views to resume from, whoever has read them. */
  retentionMs: [3_600_000, 60_000],
  /** Facts that no group listens to. */
  unheardMs: [604_800_000, 60_000],
  consumerIdleMs: [3_600_000, 60_000],
  tailMs: [250, 50],
} as const satisfies Record<string, readonly [real: number, floor: number]>

const limits = {
  concurrency: 16,
  /** About three hours and a half of a peer being away. */
  maxAttempts: 30,
  maxBugAttempts: 6,
  /** Deliveries without an end, each of them a process that died with the message in hand. */
  maxDeliveries: 10,
} as const

export type Settings = { readonly [K in keyof typeof durations | keyof typeof limits]: number }

/**
 * The settings under a time scale; what is overridden is taken as it is, neither scaled nor floored.
 * @throws AppError `invalid` where the scale breaks the order of durations
 */
export function resolveSettings(scale: TimeScale, overrides: Partial<Settings> = {}): Settings {
  const scaled = Object.entries(durations).map(([name, [real, floor]]) => [name, scale.ms(real, floor)])
  const settings = { ...limits, ...Object.fromEntries(scaled), ...overrides } as Settings
  if (settings.renewMs * 2 > settings.leaseMs) {
    throw new AppError(
      'invalid',
      `A lease of ${settings.leaseMs} ms can't be kept by renewing every ${settings.renewMs} ms`,
    )
  }
  return settings
}
