import { Counter, Gauge, Histogram, type Registry } from '@afo/kit'
import type { StreamFigures } from './types.js'

export type Metrics = ReturnType<typeof createMetrics>

/** @param figures this service's own back-pressure, asked for at each scrape; its gauges are `bus_lag`, `bus_pending` and so on */
export function createMetrics(registry: Registry, figures: () => Promise<readonly StreamFigures[]>) {
  const registers = [registry]
  let asked: Promise<readonly StreamFigures[]> | undefined
  for (const figure of ['length', 'lag', 'pending', 'oldestPendingMs', 'delayed', 'dead'] as const) {
    const name = `bus_${figure.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
    const collect = async () => {
      // One question for all gauges of a scrape. Without Redis there is no figure, and the scrape must not fail for it.
      asked ??= figures()
        .catch(() => [])
        .finally(() =>
          setImmediate(() => {
            asked = undefined
          }),
        )
      gauge.reset()
      for (const row of await asked) if (row[figure] !== null) gauge.set({ stream: row.stream }, row[figure])
    }
    const gauge = new Gauge({ name, help: `Back-pressure: ${figure}`, labelNames: ['stream'], registers, collect })
  }
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name, help, labelNames, registers })
  const timing = {
    name: 'bus_handling_seconds',
    help: 'Handlings, by message and how they ended',
    labelNames: ['message', 'outcome'] as const,
  }
  return {
    seconds: new Histogram({ ...timing, registers }),
    claimed: counter('bus_claimed_total', "Messages taken over from a peer that didn't renew them"),
    lost: counter('bus_lease_lost_total', 'Messages that a peer took over from us'),
    vanished: counter('bus_vanished_total', 'Messages gone from their stream before they were finished'),
    troubles: counter('bus_troubles_total', 'Failures met by a loop of the bus', ['loop', 'code']),
  }
}
