import { overviewOf, pausableServices } from '@afo/contracts'
import { toAppError } from '@afo/kit'
import { readQuota } from '@afo/limiter'
import type { Handlers } from '../ports.js'

/** How everything stands, and the switch that stops it. */
export const overview = {
  readOverview: async (_input, { store, bus, config }) => {
    const [row, figures] = await Promise.all([store.overview(config.BUSINESS_TIME_ZONE), unlessAway(bus.figures())])
    const tenantId = figures && row.connection?.connected ? row.connection.tenantId : null
    const quota = tenantId === null ? null : await unlessAway(readQuota(bus.runScript, tenantId))
    const deadLetters = figures?.reduce((sum, { dead }) => sum + dead, 0) ?? null
    return { status: 200, body: overviewOf(row, { deadLetters, quota }) }
  },
  pause: async ({ body: { service, reason = null } }, { store, caller }) => ({
    status: 200,
    body: { paused: await store.pause(service ? [service] : pausableServices, caller.name, reason) },
  }),
  resume: async ({ body: { service } }, { store }) => ({
    status: 200,
    body: { paused: await store.resume(service ? [service] : pausableServices) },
  }),
} satisfies Partial<Handlers>

/** Null where Redis doesn't answer: the rest is still worth showing. */
const unlessAway = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((thrown: unknown) => {
    if (toAppError(thrown).kind === 'unavailable') return null
    throw thrown
  })
