import { z } from 'zod'
import { failureReport } from '../rpc/common.js'
import { decimalText, id, instantText } from '../text.js'
import { countText, listQuery, page } from './common.js'
import { endpoint } from './endpoint.js'
import { verdict } from './verdict.js'

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
  /** What Xero said when it was last asked; null: not asked yet. */
  verdict: verdict.nullable(),
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
    /** Where this API shows the thing itself; null where there is nothing to show. */
    link: z.string().nullable(),
  })
  .meta({ id: 'Failure' })

export const failuresQuery = listQuery(['lastSeenAt', 'firstSeenAt', 'money', 'code'], {
  state: failureRow.shape.state.optional().describe('open unless told'),
  entity: failureRow.shape.entity.optional(),
  code: z.string().max(20).optional(),
  clientId: id.optional(),
  entityId: z.string().max(100).optional(),
  olderThanHours: countText(0, 100_000).optional().describe('First seen longer ago than that'),
  minMoney: decimalText.optional().describe('Holds up at least so much'),
})
export const failuresPage = page(failureView).extend({
  /** What all of them hold up; a thing with two failures counts once. */
  totals: z.object({ money: decimalText }),
})

/** A failure with what a retry has to know of the thing behind it. */
export const failureContext = failureRow.extend({
  invoice: z
    .object({ state: z.string(), number: z.string().nullable(), xeroInvoiceId: z.string().nullable() })
    .nullable(),
  costCenterId: z.string().nullable(),
  command: z.object({ name: z.string(), body: json }).nullable(),
})
export type FailureContext = z.infer<typeof failureContext>

const ids = z.array(id).min(1).max(500)
export const retryBody = z.strictObject({ ids })
/** What a retry came to, for each id. */
export const retried = z
  .object({
    asked: z.int(),
    results: z.array(
      z.object({
        id,
        /** asked: it is tried again. there: Xero has it, nothing is sent. unsure: not sent again before that is known. nothing: no retry can help. */
        outcome: z.enum(['asked', 'there', 'unsure', 'nothing']),
        because: z.string(),
        /** The command that does it, where it is one; see /admin/commands/:id. */
        commandId: id.nullable(),
      }),
    ),
  })
  .meta({ id: 'Retried' })

export const dismissBody = z.strictObject({
  ids,
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
  retryFailures: endpoint({
    method: 'post',
    path: '/admin/failures/retry',
    summary: 'Try again what failed. Xero is asked first; what it has is never sent twice',
    tag: 'Inbox',
    access: 'admin',
    commanding: true,
    audit: 'failures.retry',
    body: retryBody,
    answers: { 202: retried },
  }),
  readVerdict: endpoint({
    method: 'get',
    path: '/admin/failures/:id/verdict',
    summary:
      'Whether Xero has it, and so whether a retry is safe. Asks Xero at most twice; what is found to be ours is adopted',
    tag: 'Inbox',
    access: 'admin',
    params: z.strictObject({ id }),
    answers: { 200: verdict },
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
