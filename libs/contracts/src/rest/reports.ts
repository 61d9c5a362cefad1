import { z } from 'zod'
import { decimalText, id, instantText } from '../text.js'
import { accepted, listQuery, page } from './common.js'
import { endpoint } from './endpoint.js'

const maybe = z.string().nullable()

export const differenceEntity = z.enum(['contact', 'item', 'invoice', 'payment'])
export const differenceKind = z.enum(['missing-here', 'missing-there', 'differs', 'cents', 'orphan'])

/** One thing that both sides see differently. `theirs` is Xero's; `verdict` says what it means and what becomes of it. */
export const difference = z
  .object({
    entity: differenceEntity,
    kind: differenceKind,
    ourId: maybe,
    xeroId: maybe,
    /** The client, activity or invoice number it is about. */
    name: z.string(),
    field: maybe,
    ours: maybe,
    theirs: maybe,
    /** Xero's amount less ours. */
    cents: decimalText.nullable(),
    verdict: z.string(),
  })
  .meta({ id: 'NewDifference' })
export type Difference = z.infer<typeof difference>
export const differenceView = difference.extend({ id: z.string() }).meta({ id: 'Difference' })
export type DifferenceView = z.infer<typeof differenceView>

/** A comparison of both sides' books. `calls` is what it cost of Xero's daily quota. */
export const reportView = z
  .object({
    /** Also the command's that makes it. */
    id,
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    askedBy: z.string(),
    startedAt: instantText,
    finishedAt: instantText.nullable(),
    calls: z.int(),
    read: z.object({ contacts: z.int(), items: z.int(), invoices: z.int() }),
    differences: z.int(),
    kinds: z.partialRecord(differenceKind, z.int()),
    problem: z.record(z.string(), z.json()).nullable(),
  })
  .meta({ id: 'Report' })
export type ReportView = z.infer<typeof reportView>
export const reportsQuery = listQuery(['startedAt'])
export const reportsPage = page(reportView)
export const differencesQuery = listQuery(['place'], {
  entity: differenceEntity.optional(),
  kind: differenceKind.optional(),
})
export const differencesPage = page(differenceView).extend({ report: reportView })

const one = z.strictObject({ id })

export const reportEndpoints = {
  listReports: endpoint({
    method: 'get',
    path: '/admin/reports',
    summary: 'Comparisons of both sides, newest first',
    tag: 'Reports',
    access: 'reader',
    query: reportsQuery,
    answers: { 200: reportsPage },
  }),
  makeReport: endpoint({
    method: 'post',
    path: '/admin/reports',
    summary: 'Compare contacts, items, invoices and payments with Xero. Changes nothing on either side',
    tag: 'Reports',
    access: 'admin',
    commanding: true,
    audit: 'reports.make',
    answers: { 202: accepted },
  }),
  readReport: endpoint({
    method: 'get',
    path: '/admin/reports/:id',
    summary: 'A comparison, with a page of its differences. Known as soon as it has begun',
    tag: 'Reports',
    access: 'reader',
    params: one,
    query: differencesQuery,
    answers: { 200: differencesPage },
  }),
  exportReport: endpoint({
    method: 'get',
    path: '/admin/reports/:id/csv',
    summary: 'All differences of a comparison, for a spreadsheet',
    tag: 'Reports',
    access: 'reader',
    params: one,
    answers: { 200: { media: 'text/csv' } },
  }),
} as const
