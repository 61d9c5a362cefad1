import type { clientView, failureView, invoiceView, itemView, timesheetView } from '@afo/contracts'
import { Big } from 'big.js'
import type { z } from 'zod'

export interface Findings {
  readonly clients: readonly Pick<z.output<typeof clientView>, 'xeroContactId'>[]
  readonly items: readonly Pick<z.output<typeof itemView>, 'xeroItemId'>[]
  readonly timesheets: readonly Pick<z.output<typeof timesheetView>, 'invoiced'>[]
  readonly invoices: readonly Pick<
    z.output<typeof invoiceView>,
    'number' | 'reference' | 'total' | 'xeroInvoiceId' | 'paymentStatus' | 'state' | 'clientName' | 'costCentre'
  >[]
  readonly failures: readonly Pick<
    z.output<typeof failureView>,
    'entity' | 'clientName' | 'title' | 'message' | 'details'
  >[]
  readonly xero: LedgerTotals
  readonly xeroCalls: number
  readonly xeroCallsByEndpoint: Readonly<Record<string, number>>
  readonly durationMs: number
}

export interface LedgerTotals {
  readonly documents: number
  /** Two decimals, as text. */
  readonly total: string
}

export interface Report {
  readonly ok: boolean
  /** Why it isn't ok; empty when it is. */
  readonly problems: readonly string[]
  readonly clients: number
  readonly contactsLinked: number
  readonly itemsImported: number
  readonly timesheetsInvoiced: number
  readonly invoices: readonly {
    readonly number: string | null
    readonly reference: string | null
    readonly total: string | null
    readonly xeroInvoiceId: string | null
    readonly paymentStatus: string | null
    readonly client: string | null
    readonly costCentre: string
  }[]
  readonly paymentStatus: { readonly Paid: number; readonly Unpaid: number; readonly Overdue: number }
  readonly held: readonly { readonly what: string; readonly why: string }[]
  readonly ledger: { readonly ours: LedgerTotals; readonly xero: LedgerTotals }
  readonly xeroCalls: number
  readonly xeroCallsByEndpoint: Readonly<Record<string, number>>
  readonly durationMs: number
}

/** Puts the findings together and says whether the story holds: both ledgers agree to the cent, and each step left something behind. */
export function judge({ clients, items, timesheets, invoices, failures, xero, ...measured }: Findings): Report {
  const issued = invoices.filter(({ state }) => state === 'issued')
  const count = (status: string) => issued.filter(({ paymentStatus }) => paymentStatus === status).length
  const ours = {
    documents: issued.length,
    total: issued.reduce((sum, { total }) => sum.plus(total ?? 0), new Big(0)).toFixed(2),
  }
  const counts = {
    clients: clients.length,
    contactsLinked: clients.filter(({ xeroContactId }) => xeroContactId !== null).length,
    itemsImported: items.length,
    timesheetsInvoiced: timesheets.filter(({ invoiced }) => invoiced).length,
  }
  const paymentStatus = { Paid: count('Paid'), Unpaid: count('Unpaid'), Overdue: count('Overdue') }
  const empty = Object.entries({
    ...counts,
    ...paymentStatus,
    invoices: issued.length,
    xeroCalls: measured.xeroCalls,
  }).filter(([, number]) => number === 0)
  const problems = [
    ...(ours.documents === xero.documents ? [] : [`${ours.documents} documents here, ${xero.documents} in Xero`]),
    ...(ours.total === xero.total ? [] : [`${ours.total} here, ${xero.total} in Xero`]),
    ...empty.map(([name]) => `${name} is 0`),
    ...issued
      .filter(({ xeroInvoiceId }) => xeroInvoiceId === null)
      .map(({ number }) => `${number} has no id of Xero's`),
  ]
  return {
    ok: problems.length === 0,
    problems,
    ...counts,
    invoices: issued.map(
      ({ number, reference, total, xeroInvoiceId, paymentStatus: status, clientName: client, costCentre }) => ({
        number,
        reference,
        total,
        xeroInvoiceId,
        paymentStatus: status,
        client,
        costCentre,
      }),
    ),
    paymentStatus,
    held: failures.map(({ entity, clientName, title, message }) => ({
      what: `${entity} ${clientName ?? ''}`.trim(),
      why: `${title}: ${message}`,
    })),
    ledger: { ours, xero },
    ...measured,
  }
}
