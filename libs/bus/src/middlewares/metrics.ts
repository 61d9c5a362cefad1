import { toAppError } from '@afo/kit'
import type { Metrics } from '../metrics.js'
import type { Middleware } from '../types.js'

/** Counts and times every handling by message and outcome. */
export const measured =
  ({ seconds }: Metrics): Middleware =>
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
