import type { FailureRow } from '../rest/failures.js'
import type { Verdict } from '../rest/verdict.js'
import { failures } from './catalogue.js'

/** Our own words beside Xero's, and where the thing itself is shown. */
export function explained(row: FailureRow) {
  const { entity, entityId } = row
  return {
    ...row,
    ...(failures[row.code as keyof typeof failures] ?? failures['AFO-699']),
    link: pages[entity]?.(entityId, row) ?? null,
  }
}

type Page = (id: string, row: FailureRow) => string | null
const pages: Partial<Record<FailureRow['entity'], Page>> = {
  client: (id) => `/admin/clients/${id}`,
  invoice: (id) => `/admin/invoices/${id}`,
  'cost-centre': (id) => `/admin/cost-centres/${id}`,
  timesheet: (id) => `/admin/timesheets/${id}`,
  item: () => '/admin/items',
  connection: () => '/admin/settings/xero',
  command: (_id, { commandId }) => commandId && `/admin/commands/${commandId}`,
}

/** The verdict on what was never written to Xero, which needs no question. */
export function verdictWithoutAsking({ entity }: Pick<FailureRow, 'entity'>, at: string): Verdict | null {
  const because = untouched[entity]
  return because === undefined ? null : { verdict: 'safe', because, xero: null, calls: 0, at }
}

const untouched: Partial<Record<FailureRow['entity'], string>> = {
  'cost-centre': 'Nothing was sent to Xero for these hours, so a retry can not double anything.',
  timesheet: 'Nothing was sent to Xero for these hours, so a retry can not double anything.',
  item: 'Items are only read from Xero; a retry reads them again.',
  connection: 'The connection is only checked; a retry checks it again.',
  command: 'The run looks at what is done before it does anything; a retry goes on where it ended.',
}

/** The verdict where Xero couldn't say. */
export const verdictUnsure = (because: string, at: string): Verdict => ({
  verdict: 'unsure',
  because,
  xero: null,
  calls: 0,
  at,
})
