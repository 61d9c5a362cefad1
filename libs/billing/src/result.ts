import type { FailureReport, HeldBilling, Message, ReportedInvoice } from '@afo/contracts'
import { totalOf } from './money.js'
import type { InvoicePlan } from './plan.js'

/** Something that was not billed, as the job's result tells it. */
export type HeldItem = Readonly<Record<'what' | 'why' | 'code' | 'costCenterId', string>>

export const reasonsOf = (plan: InvoicePlan) => plan.objections.filter((o) => o.blocks)

export const heldItem = (plan: InvoicePlan): HeldItem => ({
  what: plan.client ? `${plan.what} (${shorten(plan.client.name)})` : plan.what,
  why: reasonsOf(plan)
    .map(({ title, detail }) => `${title}: ${detail}`)
    .join('. '),
  code: reasonsOf(plan)[0]?.code ?? 'AFO-413',
  costCenterId: plan.costCenterId,
})

const shorten = (text: string) => (text.length > 120 ? `${text.slice(0, 119)}…` : text)

/** These come right without anybody: not for the failed inbox. */
const passing: readonly string[] = ['AFO-401', 'AFO-413']
const contactMissing: readonly string[] = ['AFO-401', 'AFO-417', 'AFO-418']

/** What is kept of a held cost centre: failures for the inbox, and the request, where the client's contact is what it waits for. */
export function heldBilling(plan: InvoicePlan, { id, body }: Message<'invoices.create'>): HeldBilling {
  const { client, costCenterId, total } = plan
  const reasons = reasonsOf(plan)
  const waits = client !== null && reasons.some(({ code }) => contactMissing.includes(code))
  const lasting = reasons.filter(({ code }) => !passing.includes(code))
  return {
    costCenterId,
    clientId: client?.id ?? null,
    commandId: id,
    failures: [
      ...lasting.map(({ code, detail }) => failure('cost-centre', costCenterId, code, detail, total)),
      ...plan.leftOut.map(({ id, code, why }) => failure('timesheet', id, code, why, null)),
    ],
    waits: waits ? { ...body, costCenterId } : null,
  }
}

type Failure = HeldBilling['failures'][number]
const failure = (
  entity: Failure['entity'],
  entityId: string,
  code: Failure['code'],
  message: string,
  money: string | null,
): Failure => ({ entity, entityId, code, message, money })

/** What follows from the accounts, tax rates, tracking and lock dates in Xero, which change behind our back. */
const watched: readonly string[] = ['AFO-407', 'AFO-408', 'AFO-409', 'AFO-410', 'AFO-411', 'AFO-419']

/** Why Xero as it is now would not take a planned invoice, for the failed inbox. */
export const sentinelFailures = ({ objections, costCenterId, client, total }: InvoicePlan): FailureReport[] =>
  objections
    .filter(({ code, blocks }) => blocks && watched.includes(code))
    .map(({ code, detail }) => ({
      ...failure('cost-centre', costCenterId, code, detail, total),
      clientId: client?.id ?? null,
    }))

/** What holds a cost centre and what is left out of its invoice, by the codes alone: failures of other codes have lost their cause. */
export const standingOf = (plan: InvoicePlan) => ({
  costCenterId: plan.costCenterId,
  // That it has to be asked for again isn't settled by planning it, but by asking, or by nothing being left to bill.
  codes: [...reasonsOf(plan).map(({ code }) => code), ...(plan.timesheets.length > 0 ? (['AFO-425'] as const) : [])],
  leftOut: plan.leftOut.map(({ id, code }) => ({ id, code })),
})

/** What a run came to: counts, the total as text, and everything that was not billed with its reason. */
export function summarise(invoices: readonly ReportedInvoice[], held: readonly HeldItem[]) {
  const issued = invoices.filter(({ state }) => state === 'issued' || state === 'voided')
  const refused = invoices.filter(({ state }) => state === 'refused')
  const pending = invoices.length - issued.length - refused.length
  const total = totalOf(issued.map((invoice) => invoice.total))
  const counted = (count: number, words: string) => (count > 0 ? [`${count} ${words}`] : [])
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
      ...counted(pending, 'to be settled'),
      ...counted(refused.length, 'refused'),
      ...counted(held.length, 'held back'),
    ].join('; '),
  }
}
