import { jittered, type Log, repeat, type TimeScale } from '@afo/kit'
import type { Alerting } from './alerts/alerting.js'
import type { Retention } from './retention.js'

const settled = { alertsMs: 15_000, retentionMs: 3_600_000, stepMs: 200 }

interface Ports {
  readonly alerting: Alerting
  readonly retention: Retention
  readonly log: Log
  readonly scale: TimeScale
}

/** Says and delivers alerts, and removes what is too old, until the signal aborts. Neither waits for the other, nor does anything wait for them. */
export async function keepWatching({ alerting, retention, log, scale }: Ports, signal: AbortSignal): Promise<void> {
  const pause = (ms: number, floorMs: number) => jittered(scale.ms(ms, floorMs), Math.random())
  await Promise.all([
    repeat(
      async () => {
        // What can't be said must not keep back what was.
        const [said] = await Promise.allSettled([alerting.say()])
        const sent = await alerting.deliver()
        if (said.status === 'rejected') throw said.reason
        return said.value || sent > 0 ? 0 : pause(settled.alertsMs, 250)
      },
      signal,
      (err) => log.warn({ err }, 'alerts not looked at'),
    ),
    repeat(
      async () => ((await retention.step()) > 0 ? settled.stepMs : pause(settled.retentionMs, 1_000)),
      signal,
      (err) => log.warn({ err }, 'retention not done'),
    ),
  ])
}
