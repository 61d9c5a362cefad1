import type { BillableTimesheet, BillingSource, InvoiceLine, InvoiceStatusChoice, Settings } from '@afo/contracts'
import { Big } from 'big.js'
import { dateIn, dueDate } from './dates.js'
import { planLines, type SoundTimesheet } from './lines.js'
import { moneyText, sum } from './money.js'
import { type Objection, type ObjectionCode, objection } from './objections.js'
import { findTracking, lockedUntil, type Reference } from './organisation.js'

/** What a person asked for beside the cost centre. */
export interface BillingRequest {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly dueDate?: string | undefined
  readonly status?: InvoiceStatusChoice | undefined
  /** Objections that the person overrules. */
  readonly force?: readonly string[] | undefined
  /** What the person saw that it comes to; absent where nobody looked. */
  readonly expectedTotal?: string | undefined
}

/** The exact invoice of a cost centre and everything that stands against it: what the preview shows and what the claim freezes. */
export interface InvoicePlan {
  readonly costCenterId: string
  /** "PROJECT001 - Labor". */
  readonly what: string
  readonly client: BillingSource['client']
  readonly reference: string | null
  readonly status: InvoiceStatusChoice
  readonly currency: string
  readonly issuedOn: string
  readonly dueOn: string
  readonly lines: readonly InvoiceLine[]
  readonly net: string
  readonly tax: string
  readonly total: string
  readonly note: string
  readonly objections: readonly Objection[]
  /** As they were planned: what a claim holds them to. */
  readonly timesheets: readonly Pick<SoundTimesheet, 'id' | 'hours' | 'rate' | 'activityId' | 'workDate'>[]
  /** Those that can't be billed as they are, with the reason. */
  readonly leftOut: readonly { readonly id: string; readonly code: 'AFO-406' | 'AFO-414'; readonly why: string }[]
}

/**
 * Plans one cost centre's invoice.
 * @param now the instant of the reading; the document's date is that day in the organisation's time zone
 */
export function planInvoice(
  source: BillingSource,
  request: BillingRequest,
  setting: Settings<'invoicing'>,
  reference: Reference,
  now: string,
): InvoicePlan {
  const { costCenter, project, client } = source
  const force = request.force ?? []
  const what = `${project.code} - ${costCenter.name}`
  const { sound, leftOut } = sift(source.timesheets)
  const tracking = costCenter.trackingOption ? findTracking(costCenter.trackingOption, reference.tracking) : null
  const { lines, problems } = planLines(
    sound,
    { project: project.name, costCentre: costCenter.name },
    tracking ? [tracking] : [],
    setting,
    reference,
  )
  const net = sum(lines.map((line) => new Big(line.net)))
  const tax = sum(lines.map((line) => new Big(line.tax)))
  const total = net.plus(tax)
  const issuedOn = dateIn(now, reference.timeZone)

  const found: [ObjectionCode, string][] = [
    ...aboutClient(source),
    ...aboutOrder(source, net, issuedOn),
    ...leftOut.map(({ code, why }): [ObjectionCode, string] => [code, why]),
    ...problems.map(({ code, detail }): [ObjectionCode, string] => [code, detail]),
    ...aboutPeriod(source, sound.length, issuedOn, lockedUntil(reference.organisation)),
  ]
  const { expectedTotal } = request
  if (expectedTotal && sound.length > 0 && !total.eq(expectedTotal))
    found.push(['AFO-425', `${moneyText(total)} now, ${expectedTotal} when it was looked at`])
  if (costCenter.trackingOption && !tracking) found.push(['AFO-419', costCenter.trackingOption])
  if (!reference.organisation.baseCurrency) found.push(['AFO-411', 'The organisation has no currency of its own'])
  for (const { itemCode, activity } of sound) if (itemCode === null) found.push(['AFO-421', activity])
  return {
    costCenterId: costCenter.id,
    what,
    client,
    reference: costCenter.poNumber,
    status: request.status ?? setting.status,
    currency: reference.organisation.baseCurrency ?? '',
    issuedOn,
    dueOn: dueDate(issuedOn, request.dueDate, client?.terms ?? null, setting.dueDays),
    lines,
    net: moneyText(net),
    tax: moneyText(tax),
    total: moneyText(total),
    note: note(what, sound),
    objections: merge(found).map(([code, detail]) => objection(code, detail, force)),
    timesheets: sound.map(({ id, hours, rate, activityId, workDate }) => ({ id, hours, rate, activityId, workDate })),
    leftOut,
  }
}

export const isHeld = (plan: InvoicePlan): boolean => plan.objections.some((o) => o.blocks)

function sift(timesheets: readonly BillableTimesheet[]) {
  const sound: SoundTimesheet[] = []
  const leftOut: InvoicePlan['leftOut'][number][] = []
  for (const timesheet of timesheets) {
    const { id, workDate, hours, rate, worker, activity, activityId } = timesheet
    const whose = `${worker}, ${workDate ?? 'no date'}`
    if (!workDate || hours === null || new Big(hours).lte(0))
      leftOut.push({ id, code: 'AFO-414', why: `${whose}: ${hours ?? 'no'} hours` })
    else if (activityId === null) leftOut.push({ id, code: 'AFO-406', why: `${whose}: no activity` })
    else if (rate === null || new Big(rate).lt(0))
      leftOut.push({
        id,
        code: 'AFO-406',
        why: `${whose}: ${activity} has ${rate === null ? 'no rate' : `the rate ${rate}`}`,
      })
    else sound.push({ ...timesheet, workDate, hours, rate })
  }
  return { sound, leftOut }
}

function aboutClient({ client, project, costCenter }: BillingSource): [ObjectionCode, string][] {
  if (!client) return [['AFO-424', shorten(project.name || costCenter.name)]]
  if (client.contactId) return client.contactStatus === 'ARCHIVED' ? [['AFO-402', shorten(client.name)]] : []
  if (client.matching) return [['AFO-417', shorten(client.name)]]
  return [[client.failed ? 'AFO-418' : 'AFO-401', shorten(client.name)]]
}

const shorten = (name: string) => (name.length > 80 ? `${name.slice(0, 79)}…` : name)

function aboutOrder({ costCenter, orderBilled }: BillingSource, net: Big, issuedOn: string): [ObjectionCode, string][] {
  const { poNumber, poAmount, poExpiresOn } = costCenter
  if (!poNumber) return [['AFO-403', costCenter.name]]
  const found: [ObjectionCode, string][] = []
  if (poExpiresOn && poExpiresOn < issuedOn) found.push(['AFO-404', `${poNumber} ended on ${poExpiresOn}`])
  if (poAmount && net.plus(orderBilled).gt(poAmount))
    found.push(['AFO-405', `${poNumber}: ${orderBilled} billed and ${moneyText(net)} now, of ${poAmount} (net)`])
  return found
}

function aboutPeriod(
  { submitted }: BillingSource,
  sound: number,
  issuedOn: string,
  locked: string | null,
): [ObjectionCode, string][] {
  const found: [ObjectionCode, string][] = []
  if (sound === 0) found.push(['AFO-413', 'No approved, unbilled timesheet can be billed'])
  if (submitted > 0) found.push(['AFO-412', `${submitted} submitted`])
  if (locked && issuedOn <= locked) found.push(['AFO-410', `Locked up to ${locked}`])
  return found
}

/** One objection per code, with all its details. */
function merge(found: readonly [ObjectionCode, string][]): [ObjectionCode, string][] {
  const byCode = new Map<ObjectionCode, Set<string>>()
  for (const [code, detail] of found) byCode.set(code, (byCode.get(code) ?? new Set()).add(detail))
  return [...byCode].map(([code, details]) => [code, [...details].slice(0, 20).join('; ')])
}

function note(what: string, timesheets: readonly SoundTimesheet[]): string {
  const dates = timesheets.map((t) => t.workDate).sort()
  const many = timesheets.length === 1 ? '1 timesheet' : `${timesheets.length} timesheets`
  return `${what} (${dates.at(0) ?? ''} to ${dates.at(-1) ?? ''}, ${many})`
}
