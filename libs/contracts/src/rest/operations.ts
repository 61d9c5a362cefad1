import { z } from 'zod'
import { serviceNames } from '../messages.js'
import { instantText } from '../text.js'
import { countText, listQuery, page } from './common.js'
import { endpoint } from './endpoint.js'

const json = z.json()
const letterId = /^\d{1,15}-\d{1,15}@[\w.-]{1,60}$/

/** A message that no handler could deal with, as the operator sees it. */
export const deadLetterView = z
  .object({
    id: z.string(),
    service: z.enum(serviceNames),
    name: z.string(),
    reason: z.string(),
    kind: z.string(),
    code: z.string(),
    attempt: z.int(),
    firstSeenAt: instantText.nullable(),
    deadAt: instantText,
    raw: z.string().describe('The message as it was'),
  })
  .meta({ id: 'DeadLetter' })

export const deadLettersQuery = z.strictObject({
  limit: countText(1, 200).optional(),
  cursor: z.string().regex(letterId, "must be the page before's nextCursor").optional(),
  service: z.enum(serviceNames).optional(),
})
export const deadLettersPage = page(deadLetterView)
export const redriveBody = z.strictObject({
  service: z.enum(serviceNames),
  ids: z.array(z.string().regex(letterId, 'must be the id of a dead letter')).min(1).max(500),
})
export const redriven = z.object({ redriven: z.int() })

/** Who asked for what, when, from where. */
export const auditEntry = z
  .object({
    id: z.string(),
    at: instantText,
    actor: z.string(),
    action: z.string(),
    target: z.string().nullable(),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
    details: z.record(z.string(), json),
  })
  .meta({ id: 'AuditEntry' })
export const auditQuery = listQuery(['at'], {
  actor: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
})
export const auditPage = page(auditEntry)

/** What is left of Xero's limits, and who spent it. */
export const quotaView = z
  .object({
    tenantId: z.string(),
    at: instantText,
    minute: z.object({ limit: z.int(), used: z.int(), nextFreeInMs: z.number() }),
    concurrent: z.object({ limit: z.int(), used: z.int(), waiting: z.int() }),
    day: z.object({
      remaining: z.int().nullable(),
      floor: z.int(),
      knownAt: instantText.nullable(),
      resetsAt: instantText.nullable(),
      usedUpAt: instantText.nullable(),
      remainingAtReset: z.int().nullable(),
    }),
    paused: z.object({ until: instantText, reason: z.string() }).nullable(),
    spentToday: z.object({
      total: z.int(),
      services: z.record(z.string(), z.int()),
      commands: z.array(z.object({ correlationId: z.string(), calls: z.int() })).readonly(),
    }),
  })
  .meta({ id: 'Quota' })

export const operationEndpoints = {
  listAudit: endpoint({
    method: 'get',
    path: '/admin/audit',
    summary: 'Who asked for what, when, from where',
    tag: 'Operations',
    access: 'reader',
    query: auditQuery,
    answers: { 200: auditPage },
  }),
  listDeadLetters: endpoint({
    method: 'get',
    path: '/admin/dead-letters',
    summary: 'Messages that no service could handle, newest first',
    tag: 'Operations',
    access: 'reader',
    query: deadLettersQuery,
    answers: { 200: deadLettersPage },
  }),
  redriveDeadLetters: endpoint({
    method: 'post',
    path: '/admin/dead-letters/redrive',
    summary: 'Put dead letters back on their streams, when the cause is gone',
    tag: 'Operations',
    access: 'admin',
    commanding: true,
    audit: 'dead-letters.redrive',
    body: redriveBody,
    answers: { 200: redriven },
  }),
  readQuota: endpoint({
    method: 'get',
    path: '/admin/xero/quota',
    summary: "What is left of Xero's limits, and who spent it",
    tag: 'Operations',
    access: 'reader',
    answers: { 200: quotaView },
  }),
} as const
