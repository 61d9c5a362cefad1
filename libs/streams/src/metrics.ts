import { Counter, Gauge, type Registry } from '@afo/kit'
import type { StreamFigures } from './figures.js'

export type Metrics = ReturnType<typeof createMetrics>

/** @param figures this group's own back-pressure, asked for at each scrape; without Redis there is none, and the scrape must not fail for it */
export function createMetrics(registry: Registry, figures: () => Promise<readonly StreamFigures[]>) {
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name, help, labelNames, registers })
  new Gauge({
    name: 'bus_backpressure',
    help: 'Messages of a stream by figure (length, lag, pending, delayed, dead), and the age of the oldest pending one',
    labelNames: ['stream', 'figure'],
    registers,
    async collect() {
      const rows = await figures().catch(() => [])
      this.reset()
      for (const { stream, group, ...row } of rows)
        for (const [figure, value] of Object.entries(row)) if (value !== null) this.set({ stream, figure }, value)
    },
  })
  return {
    claimed: counter('bus_claimed_total', "Messages taken over from a peer that didn't renew them"),
    lost: counter('bus_lease_lost_total', 'Messages that a peer took over from us'),
    vanished: counter('bus_vanished_total', 'Messages gone from their stream before they were finished'),
    troubles: counter('bus_troubles_total', 'Failures met by a loop of the bus', ['loop', 'code']),
  }
}
