import type { HeldBilling, Message } from '@afo/contracts'
import type { InvoicePlan } from './plan.js'

/** Something that was not billed, as the job's result tells it. */
export interface HeldItem {
  readonly [field: string]: unknown
  readonly what: string
  readonly why: string
  readonly code: string
  readonly costCenterId: string
}

const blocking = (plan: InvoicePlan) => plan.objections.filter((o) => o.blocks)

export function heldItem(plan: InvoicePlan): HeldItem {
  const reasons = blocking(plan)
  return {
    what: plan.client ? `${plan.what} (${shorten(plan.client.name)})` : plan.what,
    why: reasons.map(({ title, detail }) => `${title}: ${shorten(detail)}`).join('. '),
    code: reasons[0]?.code ?? 'AFO-413',
    costCenterId: plan.costCenterId,
  }
}

const shorten = (text: string) => (text.length > 120 ? `${text.slice(0, 119)}…` : text)

/** These come right without anybody: not for the failed inbox. */
const passing: readonly string[] = ['AFO-401', 'AFO-413']
const contactMissing: readonly string[] = ['AFO-401', 'AFO-417', 'AFO-418']

/** What is kept of a held cost centre: failures for the inbox, and the request, where the client's contact is what it waits for. */
export function heldBilling(plan: InvoicePlan, { id, body }: Message<'invoices.create'>): HeldBilling {
  const reasons = blocking(plan).filter(({ code }) => !passing.includes(code) || (code === 'AFO-401' && !plan.client))
  const waits = plan.client && blocking(plan).some(({ code }) => contactMissing.includes(code))
  return {
    costCenterId: plan.costCenterId,
    clientId: plan.client?.id ?? null,
    commandId: id,
    failures: [
      ...reasons.map(({ code, detail }) => ({
        entity: 'cost-centre' as const,
        entityId: plan.costCenterId,
        code,
        message: detail,
        money: plan.total,
      })),
      ...plan.leftOut.map(({ id, code, why }) => ({
        entity: 'timesheet' as const,
        entityId: id,
        code,
        message: why,
        money: null,
      })),
    ],
    waits: waits ? { ...body, costCenterId: plan.costCenterId } : null,
  }
}

/** The client that contact-sync should send to Xero now; null where that is no use, or a person has to decide first. */
export const waitsForContact = (plan: InvoicePlan): string | null =>
  plan.client && blocking(plan).some(({ code }) => code === 'AFO-401') ? plan.client.id : null
