import { clientView, failureView, invoiceView, itemView, timesheetView } from '@afo/contracts'
import { Big } from 'big.js'
import type { Admin } from './admin.js'
import type { InXero } from './in-xero.js'
import { judge, type Report } from './judge.js'

export type { Report } from './judge.js'

interface Ending {
  readonly admin: Admin
  readonly inXero: InXero
  readonly before: Awaited<ReturnType<InXero['ledger']>>
  readonly callsBefore: number
  readonly durationMs: number
}

/** What it all came to, read from both sides. */
export async function report({ admin, inXero, before, callsBefore, durationMs }: Ending): Promise<Report> {
  const [clients, items, timesheets, invoices, failures] = await Promise.all([
    admin.all('/admin/clients', clientView),
    admin.all('/admin/items?managedByXero=true', itemView),
    admin.all('/admin/timesheets', timesheetView),
    admin.all('/admin/invoices', invoiceView),
    admin.all('/admin/failures', failureView),
  ])
  const { totals } = await inXero.ledger()
  const { calls, byEndpoint } = await inXero.calls()
  return judge({
    clients,
    items,
    timesheets,
    invoices,
    failures,
    xero: {
      documents: totals.documents - before.totals.documents,
      total: new Big(totals.total).minus(before.totals.total).toFixed(2),
    },
    xeroCalls: calls.length - callsBefore,
    xeroCallsByEndpoint: byEndpoint,
    durationMs,
  })
}
