import { sleep, toAppError } from '@afo/kit'
import { republishStranded } from './commands.js'
import type { ServiceContext } from './define.js'

const settled = { everyMs: 10_000, queuedMs: 30_000, runningMs: 60_000, mostMs: 3_600_000 }

/**
 * Publishes again, until the signal aborts, what was written down but may be on no stream: Redis was wiped, or a process died between writing and publishing.
 * Safe in every replica: Postgres gives each stranded command to one, and its row lets it run once.
 */
export async function keepRepublishing(
  { db, bus, log, scale }: ServiceContext<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const after = {
    queuedMs: scale.ms(settled.queuedMs, 2_000),
    runningMs: scale.ms(settled.runningMs, 4_000),
    mostMs: scale.ms(settled.mostMs, 10_000),
  }
  while (!signal.aborted) {
    try {
      const found = await republishStranded({ db, bus }, after, signal)
      if (found > 0) log.warn({ found }, 'stranded commands published again')
    } catch (thrown) {
      log.warn({ err: toAppError(thrown) }, 'stranded commands not looked for')
    }
    await sleep(scale.ms(settled.everyMs, 500), signal)
  }
}
