import type { BillableTimesheet, InvoiceLine, Settings } from '@afo/contracts'
import { Big } from 'big.js'
import { lineNet, lineTax, moneyText, quantityText, sum } from './money.js'
import { canTakeSales, canTaxSales, type Reference } from './organisation.js'

type Setting = Settings<'invoicing'>
type Grouping = Setting['groupBy']

/** A timesheet that can be billed: it has hours, a date and a rate. */
export type SoundTimesheet = BillableTimesheet & {
  readonly workDate: string
  readonly hours: string
  readonly rate: string
}

/** Where a line is booked, and what is wrong with that. */
interface Booking {
  readonly accountCode: string
  readonly accountName: string | null
  readonly taxType: string
  readonly taxName: string | null
  readonly taxRate: string
  readonly problems: readonly LineProblem[]
}
export interface LineProblem {
  readonly code: 'AFO-407' | 'AFO-408' | 'AFO-409'
  readonly detail: string
}

const groupKeys: Readonly<Record<Grouping, (t: SoundTimesheet) => string>> = {
  activity: () => '',
  worker: (t) => t.worker,
  day: (t) => t.workDate,
  timesheet: (t) => t.id,
}

/** The lines of an invoice: one per group, and one more for each rate within it, since a line has one price. */
export function planLines(
  timesheets: readonly SoundTimesheet[],
  names: { readonly project: string; readonly costCentre: string },
  tracking: InvoiceLine['tracking'],
  setting: Setting,
  reference: Pick<Reference, 'accounts' | 'taxRates'>,
): { lines: InvoiceLine[]; problems: LineProblem[] } {
  const planned = grouped(timesheets, setting.groupBy).map((group) => {
    const first = group[0]
    const booking = book(first, setting, reference)
    const quantity = sum(group.map((t) => new Big(t.hours)))
    const unitPrice = new Big(first.rate)
    const net = lineNet(quantity, unitPrice)
    const line: InvoiceLine = {
      description: describe(group, names, setting.lineDescription),
      quantity: quantityText(quantity),
      unitPrice: quantityText(unitPrice),
      net: moneyText(net),
      tax: moneyText(lineTax(net, booking.taxRate)),
      taxRate: booking.taxRate,
      taxType: booking.taxType,
      taxName: booking.taxName,
      accountCode: booking.accountCode,
      accountName: booking.accountName,
      itemCode: first.itemCode,
      tracking,
      timesheetIds: group.map((t) => t.id),
    }
    return { line, problems: booking.problems }
  })
  return { lines: planned.map((p) => p.line), problems: planned.flatMap((p) => p.problems) }
}

type Group = readonly [SoundTimesheet, ...SoundTimesheet[]]

function grouped(timesheets: readonly SoundTimesheet[], by: Grouping): Group[] {
  const groups = new Map<string, [SoundTimesheet, ...SoundTimesheet[]]>()
  const sorted = [...timesheets].sort((a, b) => compare(sortKey(a), sortKey(b)))
  for (const timesheet of sorted) {
    const key = JSON.stringify([timesheet.activityId, groupKeys[by](timesheet), quantityText(new Big(timesheet.rate))])
    const group = groups.get(key)
    if (group) group.push(timesheet)
    else groups.set(key, [timesheet])
  }
  return [...groups.values()].sort(([a], [b]) => compare(lineKey(a, by), lineKey(b, by)) || new Big(a.rate).cmp(b.rate))
}

const lineKey = (t: SoundTimesheet, by: Grouping) => [t.activity, groupKeys[by](t)].join('\n')
const sortKey = (t: SoundTimesheet) => [t.workDate, t.id].join('\n')
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The account and tax: the item's, else the admin's default; the tax else as Xero has it on the account. Nothing is assumed beyond that. */
function book(
  { activity, accountCode: own, taxType: ownTax }: BillableTimesheet,
  { defaultAccountCode, defaultTaxType }: Setting,
  { accounts, taxRates }: Pick<Reference, 'accounts' | 'taxRates'>,
): Booking {
  const problems: LineProblem[] = []
  const code = own ?? defaultAccountCode
  const account = accounts.find((a) => a.code === code)
  if (!code) problems.push({ code: 'AFO-407', detail: `${activity} has no sales account` })
  else if (!account || !canTakeSales(account))
    problems.push({ code: 'AFO-408', detail: `Account ${code} (${activity})` })
  const taxType = ownTax ?? defaultTaxType ?? account?.taxType ?? null
  const rate = taxRates.find((r) => r.taxType === taxType)
  if (!rate || !canTaxSales(rate))
    problems.push({
      code: 'AFO-409',
      detail: taxType ? `Tax rate ${taxType} (${activity})` : `${activity} has no tax rate`,
    })
  return {
    accountCode: code ?? '',
    accountName: account?.name ?? null,
    taxType: taxType ?? '',
    taxName: rate?.name ?? null,
    taxRate: rate?.effectiveRate ?? '0',
    problems,
  }
}

const longestDescription = 4_000

function describe(group: Group, names: { project: string; costCentre: string }, template: string): string {
  const dates = group.map((t) => t.workDate).sort()
  const [from = '', to = ''] = [dates.at(0), dates.at(-1)]
  const words: Readonly<Record<string, string>> = {
    activity: group[0].activity || 'Work',
    worker: [...new Set(group.map((t) => t.worker))].sort().join(', '),
    date: from === to ? from : `${from} to ${to}`,
    from,
    to,
    ...names,
  }
  return template.replace(/\{(\w+)\}/g, (all, word: string) => words[word] ?? all).slice(0, longestDescription)
}
