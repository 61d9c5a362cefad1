import { type ServiceName, serviceNames } from '@afo/contracts'
import { AppError } from '@afo/kit'
import { readQuota } from '@afo/limiter'
import { mergeNewestFirst } from '../core/dead-letters.js'
import type { Handlers } from '../ports.js'

export const operations = {
  listDeadLetters: async ({ query: { limit = 50, cursor, service } }, { bus }) => {
    const services: readonly ServiceName[] = service ? [service] : serviceNames
    const page = { limit: limit + 1, ...(cursor ? { before: cursor } : {}) }
    const [letters, figures] = await Promise.all([
      Promise.all(services.map((name) => bus.listDead(name, page))),
      bus.figures(),
    ])
    const total = figures.filter(({ group }) => services.includes(group)).reduce((sum, { dead }) => sum + dead, 0)
    return { status: 200, body: { ...mergeNewestFirst(letters.flat(), limit), total } }
  },
  redriveDeadLetters: async ({ body: { service, ids } }, { bus }) => ({
    status: 200,
    body: { redriven: await bus.redrive(service, ids) },
  }),
  readQuota: async (_input, { store, bus }) => {
    const tenantId = await store.selectedTenant()
    if (tenantId === null)
      throw new AppError('notReady', 'Xero is not connected, so there is no quota', { code: 'AFO-101' })
    return { status: 200, body: await readQuota(bus.runScript, tenantId) }
  },
} satisfies Partial<Handlers>
