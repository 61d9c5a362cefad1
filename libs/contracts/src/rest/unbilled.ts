import { z } from 'zod'
import { failures } from '../failures/index.js'
import { dateText, decimalText, id } from '../text.js'
import { listQuery, page } from './common.js'
import { endpoint } from './endpoint.js'

/** Why approved work is unbilled where no failure says so. */
const plainCauses: Readonly<Record<string, { readonly title: string; readonly remedy: string }>> = {
  ready: { title: 'Ready to bill', remedy: 'Nothing stands against it: bill it under Invoices.' },
  'on-its-way': { title: 'On its way to Xero', remedy: 'Nothing: it is being sent.' },
  'before-first-day': {
    title: 'Before the first billing day',
    remedy: 'Choose an earlier day in Settings > Invoicing, or mark it as billed elsewhere.',
  },
  'no-cost-centre': {
    title: 'No cost centre',
    remedy: 'The timesheet has no cost centre: choose one in AmpedFieldOps.',
  },
}

const whileSwitchedOff: typeof plainCauses = {
  ready: {
    title: 'Ready to bill',
    remedy: 'Invoicing is switched off: switch it on in Settings > What is synced, then bill it under Invoices.',
  },
  'on-its-way': {
    title: 'Waits: invoicing is switched off',
    remedy: 'Switch invoicing on in Settings > What is synced: it is sent by itself then.',
  },
}

/** A cause in words: its own, or those of the failure catalogue. @param invoicing whether invoicing is switched on */
export const causeInWords = (cause: string, invoicing = true): { readonly title: string; readonly remedy: string } =>
  (invoicing ? undefined : whileSwitchedOff[cause]) ??
  plainCauses[cause] ??
  (failures as Readonly<Record<string, { title: string; remedy: string }>>)[cause] ?? { title: cause, remedy: '' }

const amount = { timesheets: z.int(), money: decimalText }
const age = z.enum(['0-7', '8-30', '31-60', '61-90', 'over-90', 'undated'])
const words = { title: z.string(), remedy: z.string() }

/** As the database tells it, without the words. Money is net of tax, rounded by line as the invoice is. */
export const unbilledRow = z.object({
  costCenterId: id.nullable(),
  costCentre: z.string(),
  clientId: id.nullable(),
  clientName: z.string().nullable(),
  /** What has to be done first: a code of the failure catalogue, ready, on-its-way, before-first-day or no-cost-centre. */
  cause: z.string(),
  ...amount,
  hours: decimalText,
  withoutRate: z.int(),
  oldest: dateText.nullable(),
  newest: dateText.nullable(),
})
const byCause = z.object({ cause: z.string(), ...amount })
const totals = z.object({
  ...amount,
  hours: decimalText,
  withoutRate: z.int(),
  byCause: z.array(byCause),
  /** By the oldest day of each line, in days. */
  byAge: z.array(z.object({ age, ...amount })),
  /** The 100 that owe most. */
  byClient: z.array(
    z.object({ clientId: id.nullable(), clientName: z.string().nullable(), ...amount, oldest: dateText.nullable() }),
  ),
})
export const unbilledRows = page(unbilledRow).extend({ totals })

/** Approved hours that are on no finished invoice: one row for each cost centre and cause. */
export const unbilledPage = page(unbilledRow.extend(words).meta({ id: 'Unbilled' })).extend({
  totals: totals.extend({ byCause: z.array(byCause.extend(words)) }),
})
export const unbilledQuery = listQuery(['money', 'oldest', 'client'], {
  clientId: id.optional(),
  costCenterId: id.optional(),
  cause: z.string().max(30).optional(),
  age: age.optional(),
})

export const unbilledEndpoints = {
  listUnbilled: endpoint({
    method: 'get',
    path: '/admin/unbilled',
    summary: 'Approved hours that are not invoiced, in money, by client, age and cause',
    tag: 'Invoices',
    access: 'reader',
    query: unbilledQuery,
    answers: { 200: unbilledPage },
  }),
} as const
