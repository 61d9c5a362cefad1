import type { Report } from './judge.js'

const widths = { number: 12, client: 34, reference: 12, total: 12, status: 10 }
const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text)
const left = (text: string | null, width: number) => cut(text ?? '', width).padEnd(width)
const right = (text: string | null, width: number) => (text ?? '').padStart(width)

/** The story's end for people: what was billed, both ledgers side by side, what is held back and why, and what it cost. */
export function printReport({ invoices, ledger, held, paymentStatus, xeroCallsByEndpoint, ...report }: Report): string {
  const line = (
    number: string | null,
    client: string | null,
    reference: string | null,
    total: string | null,
    status: string | null,
  ) =>
    `  ${left(number, widths.number)}${left(client, widths.client)}  ${left(reference, widths.reference)}${right(total, widths.total)}  ${status ?? ''}`
  return [
    '',
    line('Invoice', 'Client', 'PO', 'Total', 'Payment'),
    ...invoices.map(({ number, client, reference, total, paymentStatus: status }) =>
      line(number, client, reference, total, status),
    ),
    '',
    `  ${left('', 14)}${right('ours', 14)}${right('Xero', 14)}`,
    `  ${left('documents', 14)}${right(String(ledger.ours.documents), 14)}${right(String(ledger.xero.documents), 14)}`,
    `  ${left('total', 14)}${right(ledger.ours.total, 14)}${right(ledger.xero.total, 14)}`,
    '',
    `  ${report.contactsLinked} of ${report.clients} clients linked, ${report.itemsImported} items, ${report.timesheetsInvoiced} timesheets billed; ${Object.entries(
      paymentStatus,
    )
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}`,
    ...(held.length > 0
      ? ['', '  Held back:', ...held.map(({ what, why }) => `    ${cut(what, 50)}: ${cut(why, 150)}`)]
      : []),
    '',
    `  ${report.xeroCalls} calls to Xero in ${(report.durationMs / 1000).toFixed(1)} s:`,
    ...Object.entries(xeroCallsByEndpoint).map(([endpoint, count]) => `    ${right(String(count), 4)}  ${endpoint}`),
    '',
    report.ok ? '  Both ledgers agree.' : `  NOT OK: ${report.problems.join('; ')}`,
    '',
  ].join('\n')
}
