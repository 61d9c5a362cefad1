import {
  deadLettersPage,
  deadLettersQuery,
  quotaView,
  redriveBody,
  redriven,
  type ServiceName,
  serviceNames,
} from '@afo/contracts'
import { AppError } from '@afo/kit'
import { readQuota } from '@afo/xero/quota'
import { mergeNewestFirst } from '../core/dead-letters.js'
import { type AnyRoute, route } from '../http/route.js'

export const operations: readonly AnyRoute[] = [
  route({
    method: 'get',
    path: '/admin/dead-letters',
    summary: 'Messages that no service could handle, newest first',
    tag: 'Operations',
    access: 'reader',
    query: deadLettersQuery,
    answers: { 200: deadLettersPage },
    handle: async ({ query: { limit = 50, cursor, service } }, { bus }) => {
      const services: readonly ServiceName[] = service ? [service] : serviceNames
      const page = { limit: limit + 1, ...(cursor ? { before: cursor } : {}) }
      const [letters, figures] = await Promise.all([
        Promise.all(services.map((name) => bus.listDead(name, page))),
        bus.figures(),
      ])
      const total = figures.filter(({ group }) => services.includes(group)).reduce((sum, { dead }) => sum + dead, 0)
      return { status: 200, body: { ...mergeNewestFirst(letters.flat(), limit), total } }
    },
  }),
  route({
    method: 'post',
    path: '/admin/dead-letters/redrive',
    summary: 'Put dead letters back on their streams, when the cause is gone',
    tag: 'Operations',
    access: 'admin',
    commanding: true,
    audit: 'dead-letters.redrive',
    body: redriveBody,
    answers: { 200: redriven },
    handle: async ({ body }, { bus }) => ({
      status: 200,
      body: { redriven: await bus.redrive(body.service, body.ids) },
    }),
  }),
  route({
    method: 'get',
    path: '/admin/xero/quota',
    summary: "What is left of Xero's limits, and who spent it",
    tag: 'Operations',
    access: 'reader',
    answers: { 200: quotaView },
    handle: async (_input, { db, bus }) => {
      const tenantId = await db.rpc('sync_selected_tenant', {})
      if (tenantId === null)
        throw new AppError('notReady', 'Xero is not connected, so there is no quota', { code: 'AFO-101' })
      return { status: 200, body: await readQuota(bus.runScript, tenantId) }
    },
  }),
]
