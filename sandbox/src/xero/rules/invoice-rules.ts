import { newId } from '@afo/kit'
import { Big } from 'big.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Contact, Invoice, InvoiceStatus, LineAmountTypes } from '../store/types.js'
import { dateOf, spokenDate, today } from './dates.js'
import { type Element, guidOf, text } from './element.js'
import { totals } from './invoice-arithmetic.js'
import { creatable, notEditable, notModifiable, refusalOfStatus } from './invoice-status.js'
import { planLines } from './line-rules.js'
import { decimal, money } from './money.js'

export type InvoicePlan =
  | { readonly invoice: Invoice; readonly silent: boolean; readonly errors?: never }
  | { readonly errors: readonly string[] }

export interface InvoiceContext {
  readonly store: OrganisationStore
  readonly contact: Contact | undefined
  readonly unitDecimals: 2 | 4
  readonly now: number
  readonly createdBy: string | null
}

export const isSettled = (invoice: Invoice): boolean => new Big(invoice.AmountPaid).plus(invoice.AmountCredited).gt(0)

export const amountDue = (invoice: Invoice): Big =>
  invoice.Status === 'VOIDED' || invoice.Status === 'DELETED'
    ? new Big(0)
    : new Big(invoice.Total).minus(invoice.AmountPaid).minus(invoice.AmountCredited)

/** What may still be changed once money is allocated; the first two without anybody noticing (Xero doesn't move UpdatedDateUTC). */
const unnoticed = ['DueDate', 'SentToContact'] as const
const alwaysEditable: ReadonlySet<string> = new Set([
  ...unnoticed,
  'Reference',
  'Url',
  'ExpectedPaymentDate',
  'PlannedPaymentDate',
  'BrandingThemeID',
  'InvoiceID',
  'InvoiceNumber',
  'Type',
  'Status',
  'Contact',
])

/** The invoice that an element makes of `before` (undefined: a new one), or why Xero refuses it. */
export function planInvoice(before: Invoice | undefined, element: Element, context: InvoiceContext): InvoicePlan {
  const status = (text(element.Status) as InvoiceStatus | undefined) ?? before?.Status ?? 'DRAFT'
  const standing = before ? standingErrors(before, status, element) : newErrors(status, element)
  if (standing.length > 0) return { errors: standing }
  if (before && (status === 'VOIDED' || status === 'DELETED')) return retire(before, status, context)

  const { store, contact } = context
  const errors: string[] = []
  if (!contact) errors.push('A Contact must be specified for this type of transaction')
  const type = before?.Type ?? (element.Type === 'ACCPAY' ? 'ACCPAY' : 'ACCREC')
  const types = lineAmountTypes(element, before, errors)
  const dates = planDates(before, element, context, errors)
  const head = planHead(before, element, store, errors)
  const number = planNumber(before, element, type, store, errors)
  const sent = Array.isArray(element.LineItems) ? element.LineItems : undefined
  const restated = sent === undefined && before !== undefined && types === before.LineAmountTypes
  const planned = planLines(sent ?? before?.LineItems ?? [], {
    store,
    type,
    status,
    types,
    unitDecimals: sent === undefined ? 4 : context.unitDecimals,
    contactTaxType: type === 'ACCREC' ? contact?.AccountsReceivableTaxType : contact?.AccountsPayableTaxType,
    before: before?.LineItems ?? [],
  })
  if ((sent ?? before?.LineItems ?? []).length === 0) errors.push('One or more line items must be specified')
  errors.push(...planned.errors)
  const computed = totals(planned.figures, types)
  const statedTotal = decimal(element.Total)
  if (statedTotal && sent && !statedTotal.eq(computed.Total))
    errors.push('The invoice total does not equal the sum of the lines.')
  if (computed.Total.lt(0)) errors.push('The invoice total cannot be negative.')
  if (status === 'AUTHORISED' || before?.Status === 'AUTHORISED') errors.push(...lockErrors(dates.Date, store))
  if (errors.length > 0) return { errors: [...new Set(errors)] }

  const invoice: Invoice = {
    InvoiceID: before?.InvoiceID ?? newId(),
    Type: type,
    InvoiceNumber: number,
    ...head,
    ContactID: contact?.ContactID ?? '',
    Status: status,
    LineAmountTypes: types,
    ...dates,
    LineItems: restated ? before.LineItems : planned.lines,
    SubTotal: restated ? before.SubTotal : money(computed.SubTotal),
    TotalTax: restated ? before.TotalTax : money(computed.TotalTax),
    Total: restated ? before.Total : money(computed.Total),
    TotalDiscount: restated ? before.TotalDiscount : money(computed.TotalDiscount),
    AmountPaid: before?.AmountPaid ?? '0.00',
    AmountCredited: before?.AmountCredited ?? '0.00',
    FullyPaidOnDate: before?.FullyPaidOnDate,
    createdBy: before ? before.createdBy : context.createdBy,
    updatedAt: context.now,
  }
  const silent = before !== undefined && isSettled(before) && onlyUnnoticed(before, invoice)
  return { invoice: settle(silent ? { ...invoice, updatedAt: before.updatedAt } : invoice, dates.Date), silent }
}

/** PAID is what an approved invoice becomes when nothing is due, and AUTHORISED what it is again when something is. */
export function settle(invoice: Invoice, on: string): Invoice {
  if (invoice.Status !== 'AUTHORISED' && invoice.Status !== 'PAID') return invoice
  if (amountDue(invoice).lte(0))
    return invoice.Status === 'PAID' ? invoice : { ...invoice, Status: 'PAID', FullyPaidOnDate: on }
  return { ...invoice, Status: 'AUTHORISED', FullyPaidOnDate: undefined }
}

function newErrors(status: InvoiceStatus, element: Element): string[] {
  const errors: string[] = []
  if (element.Type !== 'ACCREC' && element.Type !== 'ACCPAY')
    errors.push('The Type must be specified as ACCREC or ACCPAY.')
  if (!creatable.includes(status)) errors.push(notModifiable)
  return errors
}

function standingErrors(before: Invoice, status: InvoiceStatus, element: Element): string[] {
  const refusal = refusalOfStatus(before.Status, status, isSettled(before))
  if (refusal) return [refusal]
  const touched = Object.keys(element).some((field) => !alwaysEditable.has(field))
  return (isSettled(before) || before.Status === 'PAID') && touched ? [notEditable] : []
}

function retire(before: Invoice, status: 'VOIDED' | 'DELETED', { store, now }: InvoiceContext): InvoicePlan {
  const errors = status === 'VOIDED' ? lockErrors(before.Date, store) : []
  return errors.length > 0 ? { errors } : { invoice: { ...before, Status: status, updatedAt: now }, silent: false }
}

function onlyUnnoticed(before: Invoice, after: Invoice): boolean {
  const rest = (invoice: Invoice) => JSON.stringify({ ...invoice, DueDate: null, SentToContact: null, updatedAt: null })
  return rest(before) === rest(after)
}

function lineAmountTypes(element: Element, before: Invoice | undefined, errors: string[]): LineAmountTypes {
  const sent = text(element.LineAmountTypes)
  if (sent === undefined) return before?.LineAmountTypes ?? 'Exclusive'
  const known = (['Exclusive', 'Inclusive', 'NoTax'] as const).find(
    (types) => types.toLowerCase() === sent.toLowerCase(),
  )
  if (!known) errors.push(`The LineAmountTypes ${sent} is not valid.`)
  return known ?? 'Exclusive'
}

function planDates(before: Invoice | undefined, element: Element, { store, now }: InvoiceContext, errors: string[]) {
  const read = (field: 'Date' | 'DueDate' | 'ExpectedPaymentDate' | 'PlannedPaymentDate') => {
    const date = dateOf(element[field])
    if (date === null) errors.push(`The ${field} is not a valid date.`)
    return date ?? before?.[field]
  }
  const status = text(element.Status) ?? before?.Status ?? 'DRAFT'
  const DueDate = read('DueDate')
  if (!DueDate && status !== 'DRAFT') errors.push('The DueDate must be specified.')
  return {
    Date: read('Date') ?? today(store.organisation.Timezone, now),
    DueDate,
    ExpectedPaymentDate: read('ExpectedPaymentDate'),
    PlannedPaymentDate: read('PlannedPaymentDate'),
  }
}

function planHead(before: Invoice | undefined, element: Element, store: OrganisationStore, errors: string[]) {
  const { BaseCurrency, Currencies } = store.organisation
  const CurrencyCode = text(element.CurrencyCode) ?? before?.CurrencyCode ?? BaseCurrency
  if (!Currencies.includes(CurrencyCode)) errors.push(`Organisation is not subscribed to currency ${CurrencyCode}`)
  const rate = decimal(element.CurrencyRate)
  if (rate === null) errors.push('The CurrencyRate is not a number.')
  const Reference = text(element.Reference) ?? before?.Reference ?? ''
  if ([...Reference].length > 255) errors.push('The Reference cannot be longer than 255 characters.')
  const Url = text(element.Url) ?? before?.Url
  if (Url && !isAllowedUrl(Url)) errors.push('Url must be a valid, absolute link and must not point to Xero.')
  return {
    CurrencyCode,
    CurrencyRate: CurrencyCode === BaseCurrency ? '1' : (rate?.toString() ?? before?.CurrencyRate ?? '1'),
    Reference: element.Type === 'ACCPAY' ? '' : Reference,
    Url: Url || undefined,
    BrandingThemeID: guidOf(element.BrandingThemeID) ?? before?.BrandingThemeID,
    SentToContact:
      typeof element.SentToContact === 'boolean' ? element.SentToContact : (before?.SentToContact ?? false),
  }
}

const isAllowedUrl = (url: string) => URL.canParse(url) && /^https?:/i.test(url) && !/xero/i.test(url)

function planNumber(
  before: Invoice | undefined,
  element: Element,
  type: Invoice['Type'],
  store: OrganisationStore,
  errors: string[],
): string {
  const number = text(element.InvoiceNumber) ?? before?.InvoiceNumber ?? ''
  if ([...number].length > 255) errors.push('The InvoiceNumber cannot be longer than 255 characters.')
  if (type === 'ACCPAY') return number
  if (number === '') return nextNumber(store)
  const holder = store.invoices.by(store.invoiceByNumber, number.toLowerCase())
  if (holder && holder.InvoiceID !== before?.InvoiceID) errors.push('Invoice # must be unique.')
  return number
}

/** The first free INV-0001 and so on. */
export function nextNumber(store: OrganisationStore): string {
  for (let next = store.invoices.size + 1; ; next++) {
    const number = `INV-${String(next).padStart(4, '0')}`
    if (!store.invoices.by(store.invoiceByNumber, number.toLowerCase())) return number
  }
}

function lockErrors(date: string, store: OrganisationStore): string[] {
  const { PeriodLockDate, EndOfYearLockDate } = store.organisation
  if (EndOfYearLockDate && date <= EndOfYearLockDate) {
    return [
      `The document date cannot be before the end of year lock date, currently set at ${spokenDate(EndOfYearLockDate)}`,
    ]
  }
  if (PeriodLockDate && date <= PeriodLockDate) {
    return [`The document date cannot be before the period lock date, currently set at ${spokenDate(PeriodLockDate)}`]
  }
  return []
}
