import { z } from 'zod'
import { failureCodes } from '../failures/catalogue.js'
import { commandRow } from '../rpc/common.js'
import { decimalText, instantText } from '../text.js'
import { pause } from './controls.js'
import { endpoint } from './endpoint.js'
import { quotaView } from './operations.js'
import { syncRun } from './sync.js'

const money = z.object({ count: z.int(), money: decimalText })

/** How things stand, as far as Postgres knows. */
export const overviewRow = z.object({
  at: instantText,
  connection: z
    .object({
      connected: z.boolean(),
      tenantId: z.string(),
      tenantName: z.string().nullable(),
      disconnectedReason: z.string().nullable(),
      refreshedAt: instantText,
      refreshedAgoMs: z.number(),
    })
    .nullable(),
  paused: z.array(pause),
  running: z.array(commandRow),
  queued: z.object({
    count: z.int(),
    /** Since when the oldest waits that nobody has begun. */
    oldest: instantText.nullable(),
    /** The oldest that was begun and is tried again, and why. */
    failing: z.object({ name: z.string(), since: instantText, code: z.enum(failureCodes) }).nullable(),
  }),
  jobs: z.array(z.object({ job: z.string(), nextRunAt: instantText, lastRun: syncRun.nullable() })),
  lastSuccessAt: instantText.nullable(),
  failures: money,
  conflicts: z.int(),
  matches: z.int(),
  unbilled: z.object({
    costCentres: z.int(),
    timesheets: z.int(),
    hours: decimalText,
    /** Without those that have no rate. */
    money: decimalText,
    withoutRate: z.int(),
  }),
  unpaid: money,
  overdue: money,
})
export type OverviewRow = z.infer<typeof overviewRow>

/** Something that keeps the whole from working, with what to do. */
export const trouble = z.object({
  code: z.enum(failureCodes),
  title: z.string(),
  /** What exactly. */
  detail: z.string(),
  remedy: z.string(),
  owner: z.enum(['office', 'accountant', 'operator']),
})
export type Trouble = z.infer<typeof trouble>

/** The first page of a console in one call. */
export const overview = overviewRow
  .omit({ connection: true, failures: true, conflicts: true, matches: true })
  .extend({
    /** Nothing keeps the whole from working. What single things wait for stands in needsMe. */
    healthy: z.boolean(),
    troubles: z.array(trouble),
    connection: z
      .object({
        connected: z.boolean(),
        tenantId: z.string(),
        tenantName: z.string().nullable(),
        disconnectedReason: z.string().nullable(),
        /** Until the connection lapses unused. */
        daysLeft: z.int(),
      })
      .nullable(),
    needsMe: z.object({
      total: z.int(),
      failures: z.int(),
      /** What the failures hold up. */
      money: decimalText,
      conflicts: z.int(),
      matches: z.int(),
      /** Null: Redis does not say. */
      deadLetters: z.int().nullable(),
    }),
    /** Null: not connected, or Redis does not say. */
    quota: quotaView.nullable(),
  })
  .meta({ id: 'Overview' })

export const overviewEndpoints = {
  readOverview: endpoint({
    method: 'get',
    path: '/admin/overview',
    summary: 'Is it healthy, what runs, what needs me; quota, next runs, money unbilled and overdue',
    tag: 'Sync',
    access: 'reader',
    answers: { 200: overview },
  }),
} as const
