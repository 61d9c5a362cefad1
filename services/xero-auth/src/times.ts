import { AppError, type TimeScale } from '@afo/kit'

export type Times = ReturnType<typeof times>

/** Every duration of this service, in milliseconds, under the test-only time scale. Floors: CPU time isn't divided. */
export function times(scale: TimeScale) {
  const all = {
    /** The right to refresh; more than twice what a refresh may take. */
    leaseMs: scale.ms(40_000, 12_000),
    deadlineMs: scale.ms(12_000, 3_500),
    /** A token with less left is refreshed before it is handed out. */
    marginMs: scale.ms(120_000),
    /** How long Xero keeps accepting a refresh token after it was used. */
    graceMs: scale.ms(30 * 60_000),
    pollMs: scale.ms(250, 50),
    connectionsMs: scale.ms(5_000, 2_000),
    // Under the 20 s after which a service gives up asking.
    patienceMs: scale.ms(15_000, 4_000),
    consentMs: scale.ms(600_000, 30_000),
    /** A report of a lost connection that is younger than this is about the one before. */
    settledMs: scale.ms(15_000, 500),
    announceEveryMs: scale.ms(15_000, 500),
    dayMs: scale.ms(86_400_000),
  }
  // Discovery (a third of the deadline) and the refresh must end in the first half of the lease, so that the other half is left for saving.
  if ((all.deadlineMs * 4) / 3 >= all.leaseMs / 2)
    throw new AppError('invalid', 'TIME_SCALE leaves a refresh no time within its lease')
  return all
}
