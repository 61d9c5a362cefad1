import { sleep, toAppError } from '@afo/kit'
import type { DoorPorts } from './ports.js'

/** Xero tells again for a day; what is remembered longer only helps whoever looks into the past. */
const WEBHOOK_DAYS = 90
const EVERY_MS = 6 * 3_600_000

/** Takes away what is older than its setting, now and every six hours until the signal aborts. Harmless in every replica. */
export async function keepRetention({ config, store, log, scale, signal }: DoorPorts): Promise<void> {
  while (!signal.aborted) {
    try {
      let gone = 0
      for (let more = 1; more > 0 && !signal.aborted; gone += more) {
        more = await store.forget({ audit: config.AUDIT_DAYS, calls: config.XERO_CALLS_DAYS, webhooks: WEBHOOK_DAYS })
      }
      if (gone > 0) log.info({ gone }, 'what was kept long enough is gone')
    } catch (thrown) {
      log.warn({ err: toAppError(thrown) }, 'nothing taken away')
    }
    await sleep(scale.ms(EVERY_MS), signal)
  }
}
