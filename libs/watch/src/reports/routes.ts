import type { DifferenceView } from '@afo/contracts'
import { drained } from '@afo/door'
import type { WatchHandlers } from '../ports.js'
import { csv } from './csv.js'

/** Differences in memory at once while they are exported. */
const perPage = 1_000

const columns = ['entity', 'kind', 'name', 'field', 'ours', 'theirs', 'cents', 'verdict', 'ourId', 'xeroId'] as const
const heading = ['What', 'Kind', 'Name', 'Field', 'Here', 'In Xero', 'Difference', 'Verdict', 'Id here', 'Id in Xero']

/** Reports for reading. Who makes one is `books.compare`. */
export const reportRoutes = {
  listReports: async ({ query }, { db }) => ({
    status: 200,
    body: await db.rpc('sync_list_reports', { p_query: query as never }),
  }),
  readReport: async ({ params: { id }, query }, { db }) => ({
    status: 200,
    body: await db.rpc('sync_list_differences', { p_query: { ...query, id } as never }),
  }),
  exportReport: async ({ params: { id } }, { db, signal }) => {
    const page = (cursor: string | null) =>
      db.rpc('sync_list_differences', { p_query: { id, limit: perPage, ...(cursor ? { cursor } : {}) } })
    const first = await page(null)
    return {
      status: 200,
      headers: { 'Content-Disposition': `attachment; filename="report-${first.report.startedAt.slice(0, 10)}.csv"` },
      send: async (res) => {
        res.setHeader('Content-Type', 'text/csv; charset=utf-8')
        // Excel takes a file without the mark for anything but UTF-8.
        res.write(`\uFEFF${csv([heading])}`)
        for (let now = first; ; ) {
          if (!res.write(csv(now.items.map(row)))) await drained(res, signal)
          if (now.nextCursor === null || signal.aborted) break
          now = await page(now.nextCursor)
        }
        res.end()
      },
    }
  },
} satisfies WatchHandlers

const row = (difference: DifferenceView) => columns.map((column) => difference[column])
