import { sleep } from '@afo/kit'
import { z } from 'zod'
import type { World } from '../world.js'

const status = z.object({ connected: z.boolean() })

/**
 * Connects again whenever the console says that the connection is lost. Time runs so fast here that the half hour in which Xero takes a renewal again whose
 * answer was lost is half a minute, and whoever is killed in it for longer needs a person. Answers how often, when the signal comes.
 */
export async function reconnect(world: World, until: AbortSignal): Promise<number> {
  let times = 0
  for (; !until.aborted; await sleep(2_000, until)) {
    try {
      if ((await world.admin.get('/admin/settings/xero/status', status)).connected) continue
      await world.admin.connect()
      times++
    } catch {
      // Something is down; the next look is soon.
    }
  }
  return times
}
