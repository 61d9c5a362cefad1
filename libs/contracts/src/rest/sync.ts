import { z } from 'zod'
import { instantText } from '../text.js'
import { accepted, countText, page } from './common.js'
import { pause } from './controls.js'
import { endpoint } from './endpoint.js'

const json = z.json()

/** One run of a job, as `xero_sync_log` keeps it. */
export const syncRun = z
  .object({
    id: z.string(),
    commandId: z.guid().nullable(),
    job: z.string(),
    triggeredBy: z.string(),
    status: z.enum(['running', 'success', 'partial', 'failed', 'cancelled']),
    counts: z.record(z.string(), json),
    message: z.string().nullable(),
    startedAt: instantText,
    finishedAt: instantText.nullable(),
  })
  .meta({ id: 'SyncRun' })

export const logQuery = z.strictObject({
  limit: countText(1, 200).optional().describe('Runs to show, 20 unless told'),
  cursor: z.string().max(4_000).optional(),
  q: z.string().max(200).optional(),
  sort: z.enum(['startedAt', '-startedAt']).optional(),
  job: z.string().max(50).optional(),
  status: syncRun.shape.status.optional(),
})
export const logPage = page(syncRun)

/** How the sync does: when it last worked, when it runs next, what is wrong. Snake case where the field is older than this API. */
export const syncStatus = z
  .object({
    synced_at: instantText.nullable(),
    next_sync: instantText.nullable(),
    errors: z.array(
      z.object({
        id: z.guid(),
        code: z.string(),
        title: z.string(),
        message: z.string(),
        entity: z.string(),
        entityId: z.string(),
        at: instantText,
      }),
    ),
    jobs: z.array(
      z.object({
        job: z.string(),
        nextRunAt: instantText.nullable(),
        lastRun: syncRun.nullable(),
        lastSuccessAt: instantText.nullable(),
      }),
    ),
    paused: z.array(pause),
    openFailures: z.int(),
    queued: z.int(),
    running: z.int(),
  })
  .meta({ id: 'SyncStatus' })

const no = z.strictObject({ id: z.string().regex(/^\d{1,18}$/, 'must be the id of a run') })

export const syncEndpoints = {
  readSyncStatus: endpoint({
    method: 'get',
    path: '/admin/xero/status',
    summary: 'How the sync does: last and next runs, what is wrong',
    tag: 'Sync',
    access: 'reader',
    answers: { 200: syncStatus },
  }),
  listRuns: endpoint({
    method: 'get',
    path: '/admin/xero/log',
    summary: 'Every run of every job, newest first',
    tag: 'Sync',
    access: 'reader',
    query: logQuery,
    answers: { 200: logPage },
  }),
  rerun: endpoint({
    method: 'post',
    path: '/admin/xero/log/:id/rerun',
    summary: 'Ask once more for what ran then',
    tag: 'Sync',
    access: 'admin',
    commanding: true,
    audit: 'xero.rerun',
    params: no,
    answers: { 202: accepted },
  }),
} as const
