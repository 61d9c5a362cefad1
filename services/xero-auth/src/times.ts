import { AppError, type TimeScale } from '@afo/kit'

/** Every duration of this service, in milliseconds, under the test-only time scale. Floors: CPU time isn't divided. */
export function times(scale: TimeScale) {
  const all = {
    leaseMs: scale.ms(40_000, 12_000),
    deadlineMs: scale.ms(12_000, 3_500),
    marginMs: scale.ms(120_000),
    graceMs: scale.ms(30 * 60_000),
    pollMs: scale.ms(250, 50),
    // Under the 20 s after which a service gives up asking.
    patienceMs: scale.ms(15_000, 4_000),
    consentMs: scale.ms(600_000, 30_000),
    settledMs: scale.ms(15_000, 500),
    announceEveryMs: scale.ms(15_000, 500),
    dayMs: scale.ms(86_400_000),
  }
  // Discovery (a third of the deadline) and the refresh must end in the first half of the lease, so that the other half is left for saving.
  if ((all.deadlineMs * 4) / 3 >= all.leaseMs / 2)
    throw new AppError('invalid', 'TIME_SCALE leaves a refresh no time within its lease')
  return all
}
