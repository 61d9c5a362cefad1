import {
  dismissBody,
  dismissed,
  type FailureRow,
  failures,
  failuresPage,
  failuresQuery,
  logPage,
  logQuery,
  syncStatus,
} from '@afo/contracts'
import { route } from '../http/route.js'

/** Our own words beside Xero's. */
function explained(row: FailureRow) {
  const entry = failures[row.code as keyof typeof failures] ?? failures['AFO-699']
  return { ...row, ...entry }
}

export const status = [
  route({
    method: 'get',
    path: '/admin/xero/status',
    summary: 'How the sync does: last and next runs, what is wrong',
    tag: 'Sync',
    access: 'reader',
    answers: { 200: syncStatus },
    handle: async (_input, { db }) => {
      const { errors, ...rest } = await db.rpc('sync_status', {})
      const shown = errors.map(explained).map(({ id, code, title, message, entity, entityId, lastSeenAt }) => ({
        id,
        code,
        title,
        message,
        entity,
        entityId,
        at: lastSeenAt,
      }))
      return { status: 200, body: { ...rest, errors: shown } }
    },
  }),
  route({
    method: 'get',
    path: '/admin/xero/log',
    summary: 'Every run of every job, newest first',
    tag: 'Sync',
    access: 'reader',
    query: logQuery,
    answers: { 200: logPage },
    handle: async ({ query }, { db }) => ({
      status: 200,
      body: await db.rpc('sync_list_log', { p_query: { limit: 20, ...query } }),
    }),
  }),
  route({
    method: 'get',
    path: '/admin/failures',
    summary: "What can't go on, with the reason and what to do",
    tag: 'Inbox',
    access: 'reader',
    query: failuresQuery,
    answers: { 200: failuresPage },
    handle: async ({ query }, { db }) => {
      const page = await db.rpc('sync_list_failures', { p_query: query })
      return { status: 200, body: { ...page, items: page.items.map(explained) } }
    },
  }),
  route({
    method: 'post',
    path: '/admin/failures/dismiss',
    summary: 'Leave failures as they are, with a reason. Seen again, they open anew',
    tag: 'Inbox',
    access: 'admin',
    commanding: true,
    audit: 'failures.dismiss',
    body: dismissBody,
    answers: { 200: dismissed },
    handle: async ({ body }, { db, caller }) => ({
      status: 200,
      body: {
        dismissed: await db.rpc('sync_failures_dismiss', { p_ids: body.ids, p_by: caller.name, p_reason: body.reason }),
      },
    }),
  }),
]
