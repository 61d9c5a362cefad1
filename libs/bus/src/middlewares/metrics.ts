import { Histogram, type Registry, toAppError } from '@afo/kit'
import type { Middleware } from '../types.js'

export type Seconds = ReturnType<typeof createHistogram>

export const createHistogram = (registry: Registry) =>
  new Histogram({
    name: 'bus_handling_seconds',
    help: 'Handlings, by message and how they ended',
    labelNames: ['message', 'outcome'],
    registers: [registry],
  })

/** Counts and times every handling by message and outcome. */
export const measured =
  (seconds: Seconds): Middleware =>
  (next) =>
  async (message, ctx) => {
    const started = performance.now()
    let outcome = 'done'
    try {
      return await next(message, ctx)
    } catch (thrown) {
      outcome = toAppError(thrown).kind
      throw thrown
    } finally {
      seconds.observe({ message: message.name, outcome }, (performance.now() - started) / 1000)
    }
  }
