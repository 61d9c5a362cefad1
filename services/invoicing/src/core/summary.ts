import type { ReportedInvoice } from '@afo/contracts'
import { Big } from 'big.js'
import type { HeldItem } from './held.js'
import { moneyText, sum } from './money.js'

/** What a run came to: counts, totals as text, and everything that was not billed with its reason. */
export function summarise(invoices: readonly ReportedInvoice[], held: readonly HeldItem[]) {
  const issued = invoices.filter(({ state }) => state === 'issued' || state === 'voided')
  const refused = invoices.filter(({ state }) => state === 'refused')
  const pending = invoices.length - issued.length - refused.length
  const total = moneyText(sum(issued.map((invoice) => new Big(invoice.total))))
  return {
    issued: issued.length,
    refused: refused.length,
    pending,
    failed: refused.length + held.length,
    total,
    invoices: issued.map(({ id, number, total, xeroInvoiceId }) => ({ id, number, total, xeroInvoiceId })),
    held: [
      ...held,
      ...refused.map(({ what, number, code, message, costCenterId }) => ({
        what: `${what}, ${number}`,
        why: message ?? 'Xero refused the invoice',
        code: code ?? 'AFO-499',
        costCenterId,
      })),
    ],
    summary: [
      `${issued.length} issued, ${total}`,
      ...(pending > 0 ? [`${pending} to be settled`] : []),
      ...(refused.length > 0 ? [`${refused.length} refused`] : []),
      ...(held.length > 0 ? [`${held.length} held back`] : []),
    ].join('; '),
  }
}
