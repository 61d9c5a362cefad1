import { type Bus, connectBus } from '@afo/bus'
import { createLog, Registry, timeScale } from '@afo/kit'

/** A log that says nothing. */
export const quiet = createLog('test', 'fatal')

/** Scripts on a connection of one's own, as each replica has one. */
export async function redisScripts(redisUrl: string): Promise<Pick<Bus, 'runScript' | 'close'>> {
  const registry = new Registry()
  return connectBus({ redisUrl, service: 'invoicing', log: quiet, registry, scale: timeScale(1, false) })
}
