import { Counter, Gauge, Histogram, type Registry } from '@afo/kit'
import type { StreamFigures } from './types.js'

export type Metrics = ReturnType<typeof createMetrics>

const gauges = {
  bus_length: ['length', 'Messages on the stream'],
  bus_lag: ['lag', 'Messages not yet delivered to this service'],
  bus_pending: ['pending', 'Messages delivered and not yet finished'],
  bus_oldest_pending_ms: ['oldestPendingMs', 'Age of the oldest message that is not finished'],
  bus_delayed: ['delayed', 'Messages waiting for another try'],
  bus_dead: ['dead', 'Messages in the dead letters'],
} as const satisfies Record<string, readonly [keyof StreamFigures, string]>

/** @param figures this service's own back-pressure; asked once for each scrape */
export function createMetrics(registry: Registry, figures: () => Promise<readonly StreamFigures[]>) {
  const registers = [registry]
  let asked: Promise<readonly StreamFigures[]> | undefined
  const shared = () => {
    asked ??= figures().finally(() => {
      asked = undefined
    })
    return asked
  }
  for (const [name, [figure, help]] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers,
      labelNames: ['stream'],
      async collect() {
        this.reset()
        // Without Redis there is no figure to show; the scrape itself must not fail for it.
        for (const row of await shared().catch(() => []))
          if (row[figure] !== null) this.set({ stream: row.stream }, row[figure])
      },
    })
  }
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name, help, labelNames, registers })
  return {
    handled: counter('bus_handled_total', 'Handlings by message and outcome', ['message', 'outcome']),
    seconds: new Histogram({
      name: 'bus_handling_seconds',
      help: 'Time of one handling',
      labelNames: ['message'],
      registers,
    }),
    claimed: counter('bus_claimed_total', "Messages taken over from a peer that didn't renew them"),
    lost: counter('bus_lease_lost_total', 'Messages that a peer took over from us'),
    vanished: counter('bus_vanished_total', 'Messages gone from their stream before they were finished'),
    buried: counter('bus_dead_letters_total', 'Messages put to the dead letters', ['kind']),
    troubles: counter('bus_troubles_total', 'Failures of Redis met by a loop of the bus', ['loop', 'code']),
  }
}
