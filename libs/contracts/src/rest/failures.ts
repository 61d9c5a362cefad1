import { z } from 'zod'
import { failureReport } from '../rpc/common.js'
import { decimalText, id, instantText } from '../text.js'
import { listQuery, page } from './common.js'
import { endpoint } from './endpoint.js'

const json = z.json()

/** A row of the failed inbox as the database keeps it. */
export const failureRow = z.object({
  id,
  entity: failureReport.shape.entity,
  entityId: z.string(),
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), json),
  clientId: id.nullable(),
  clientName: z.string().nullable(),
  money: decimalText.nullable(),
  commandId: id.nullable(),
  count: z.int(),
  firstSeenAt: instantText,
  lastSeenAt: instantText,
  state: z.enum(['open', 'fixed', 'dismissed']),
  resolvedAt: instantText.nullable(),
  resolvedBy: z.string().nullable(),
  resolvedReason: z.string().nullable(),
})
export type FailureRow = z.infer<typeof failureRow>

/** One thing that can't go on: Xero's own words in `message`, ours beside them from the catalogue. */
export const failureView = failureRow
  .extend({
    title: z.string(),
    meaning: z.string(),
    remedy: z.string(),
    retryable: z.boolean(),
    owner: z.enum(['office', 'accountant', 'operator']),
  })
  .meta({ id: 'Failure' })

export const failuresQuery = listQuery(['lastSeenAt', 'firstSeenAt', 'money', 'code'], {
  state: failureRow.shape.state.optional().describe('open unless told'),
  entity: failureRow.shape.entity.optional(),
  code: z.string().max(20).optional(),
  clientId: id.optional(),
})
export const failuresPage = page(failureView)

export const dismissBody = z.strictObject({
  ids: z.array(id).min(1).max(500),
  reason: z.string().trim().min(1).max(500),
})
export const dismissed = z.object({ dismissed: z.int() })

export const failureEndpoints = {
  listFailures: endpoint({
    method: 'get',
    path: '/admin/failures',
    summary: "What can't go on, with the reason and what to do",
    tag: 'Inbox',
    access: 'reader',
    query: failuresQuery,
    answers: { 200: failuresPage },
  }),
  dismissFailures: endpoint({
    method: 'post',
    path: '/admin/failures/dismiss',
    summary: 'Leave failures as they are, with a reason. Seen again, they open anew',
    tag: 'Inbox',
    access: 'admin',
    commanding: true,
    audit: 'failures.dismiss',
    body: dismissBody,
    answers: { 200: dismissed },
  }),
} as const
