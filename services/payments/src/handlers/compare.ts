import type { ReportPart } from '@afo/contracts'
import { AppError } from '@afo/kit'
import type { JobContext, JobHandler } from '@afo/service'
import { compareContacts } from '../core/books/contacts.js'
import type { Compared } from '../core/books/difference.js'
import { compareInvoices } from '../core/books/invoices.js'
import { compareItems } from '../core/books/items.js'
import { missingThere } from '../core/books/missing.js'
import type { BookPage, Ports } from '../ports.js'

/** What one report may cost of Xero's daily quota. Two lists of 100,000 rows, the most that Xero pages, would use it up. */
const mostCalls = 250
const idsAtOnce = 40
/** Rows told as missing in one go; as many of the first are asked for by id before. */
const several = 200

/** One list of Xero's, and how it is compared. */
interface List<T> {
  readonly part: ReportPart
  readonly page: (page: number, signal: AbortSignal) => Promise<BookPage<T>>
  /** Null where one call shows all there is. */
  readonly byIds: ((ids: readonly string[], signal: AbortSignal) => Promise<BookPage<T>>) | null
  readonly compare: (items: readonly T[]) => Promise<Compared>
}

/** A report under way. */
interface Report {
  readonly id: string
  readonly ports: Pick<Ports, 'reports'>
  readonly ctx: Pick<JobContext, 'signal' | 'progress'>
  calls: number
  read: number
}

/**
 * books.compare: reads Xero's contacts, items and sales invoices, 1,000 a call, and tells where both sides differ. Writes nothing to either. A page that was
 * kept is not read again: after a crash it goes on with the next.
 */
export const compareBooks =
  (ports: Ports): JobHandler<'books.compare'> =>
  async ({ id }, ctx) => {
    const begun = await ports.reports.begin(id)
    const report: Report = { id, ports, ctx, calls: begun.calls, read: 0 }
    const all = await lists(ports)
    const first = all.findIndex(({ part }) => part === begun.part)
    for (const [i, list] of all.entries()) {
      if (begun.finished || i < first) continue
      if (i > first || begun.page > 0) await readPages(report, list, i === first ? begun.page : 1)
      await tellMissing(report, list, all[i + 1]?.part ?? null)
    }
    const { calls, read, differences } = await ports.reports.finish(id)
    const summary = differences === 0 ? 'Both sides agree' : `${differences} differences`
    return { result: { ...read, calls, differences, summary: `${summary}, ${calls} calls` } }
  }

/** The next page of a list whose pages are all read is none. */
const allRead = 0

async function readPages(report: Report, list: List<never>, from: number): Promise<void> {
  const { id, ports, ctx } = report
  for (let page = from; page !== allRead; ) {
    const { items, pageCount } = await list.page(page, ctx.signal)
    report.calls++
    if (report.calls + pageCount - page > mostCalls)
      throw new AppError(
        'rejected',
        `Comparing ${list.part} takes ${pageCount} calls; a report may use ${mostCalls}.`,
        {
          code: 'AFO-621',
        },
      )
    const next = page < pageCount ? page + 1 : allRead
    const compared = await list.compare(items)
    await ports.reports.keep(id, { ...compared, next: { part: list.part, page: next }, calls: 1, read: items.length })
    report.read += items.length
    await ctx.progress(report.read, null, { note: list.part })
    page = next
  }
}

/** What no page showed. The first of it is asked for by id: Xero's pages may shift while they are read. */
async function tellMissing(report: Report, list: List<never>, then: ReportPart | null): Promise<void> {
  const { id, ports, ctx } = report
  const place = { part: list.part, page: allRead }
  for (let asked = false; ; asked = true) {
    const unseen = await ports.reports.unseen(id, several)
    if (unseen.length === 0) break
    const found = asked
      ? none
      : await askFor(
          report,
          list,
          unseen.flatMap(({ xeroId }) => xeroId ?? []),
        )
    const there = new Set(found.seen)
    const missing = unseen.filter((row) => !there.has(row.id))
    await ports.reports.keep(id, {
      next: place,
      calls: found.calls,
      read: 0,
      seen: unseen.map((row) => row.id),
      differences: [...found.differences, ...missing.map((row) => missingThere(list.part, row))],
    })
    await ctx.progress(report.read, null, { note: list.part })
  }
  if (then) await ports.reports.keep(id, { ...none, read: 0, next: { part: then, page: 1 } })
}

const none = { seen: [], differences: [], calls: 0 }

async function askFor(report: Report, { byIds, compare }: List<never>, ids: readonly string[]) {
  if (byIds === null) return none
  const items: never[] = []
  let calls = 0
  for (let at = 0; at < ids.length; at += idsAtOnce, calls++)
    items.push(...(await byIds(ids.slice(at, at + idsAtOnce), report.ctx.signal)).items)
  report.calls += calls
  return { ...(await compare(items)), calls }
}

async function lists({ books, reports, settings }: Ports): Promise<readonly List<never>[]> {
  const rules = await settings.read('sync')
  const list = <T>(definition: List<T>) => definition as unknown as List<never>
  return [
    list({
      part: 'contacts',
      page: books.contacts,
      byIds: books.contactsByIds,
      compare: async (contacts) => {
        const asked = contacts.map(({ contactID, contactNumber }) => ({ id: contactID, number: contactNumber }))
        return compareContacts(contacts, await reports.contacts(asked), rules)
      },
    }),
    list({
      part: 'items',
      page: async (_page, signal) => ({ items: await books.items(signal), pageCount: 1 }),
      byIds: null,
      compare: async (items) => compareItems(items, await reports.items(items.map(({ itemID }) => itemID))),
    }),
    list({
      part: 'invoices',
      page: books.invoices,
      byIds: books.invoicesByIds,
      compare: async (documents) => {
        const asked = documents.map(({ invoiceID, invoiceNumber }) => ({ id: invoiceID, number: invoiceNumber }))
        return compareInvoices(documents, await reports.invoices(asked))
      },
    }),
  ]
}
