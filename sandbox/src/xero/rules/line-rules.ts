import { newId } from '@afo/kit'
import { Big } from 'big.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Account, Invoice, InvoiceStatus, Item, LineAmountTypes, LineItem, TaxRate } from '../store/types.js'
import { type Element, guidOf, isElement, text } from './element.js'
import { type LineMoney, lineMoney } from './invoice-arithmetic.js'
import { decimal, money } from './money.js'

export interface LineContext {
  readonly store: OrganisationStore
  readonly type: Invoice['Type']
  readonly status: InvoiceStatus
  readonly types: LineAmountTypes
  readonly unitDecimals: 2 | 4
  /** The contact's own tax type for sales, if it has one. */
  readonly contactTaxType: string | undefined
  readonly before: readonly LineItem[]
}

export interface PlannedLines {
  readonly lines: readonly LineItem[]
  readonly figures: readonly LineMoney[]
  readonly errors: readonly string[]
}

/** All lines of a document: with a LineItemID they update, without one they are new, what isn't sent is gone. */
export function planLines(sent: readonly unknown[], context: LineContext): PlannedLines {
  const planned = sent.map((element) => planLine(isElement(element) ? element : {}, context))
  return {
    lines: planned.flatMap((p) => p.line ?? []),
    figures: planned.flatMap((p) => p.figures ?? []),
    errors: planned.flatMap((p) => p.errors),
  }
}

function planLine(element: Element, context: LineContext): { line?: LineItem; figures?: LineMoney; errors: string[] } {
  const { store, before, unitDecimals, types } = context
  const errors: string[] = []
  const sentId = guidOf(element.LineItemID)
  const old = before.find((line) => line.LineItemID === sentId)
  const itemCode = text(element.ItemCode) ?? old?.ItemCode
  const item = itemCode ? store.items.by(store.itemByCode, itemCode.toLowerCase()) : undefined
  if (itemCode && !item) errors.push(`Item code '${itemCode}' is not valid.`)
  const price = context.type === 'ACCREC' ? item?.SalesDetails : item?.PurchaseDetails

  const accountCode = text(element.AccountCode) || old?.AccountCode || price?.AccountCode
  const account = accountCode ? store.accounts.by(store.accountByCode, accountCode.toLowerCase()) : undefined
  if (!isRemark(element, old, item)) errors.push(...accountErrors(accountCode, account, context.status))
  const taxType = resolveTax(element, old, price?.TaxType, account, context)
  const rate = taxType ? store.taxRates.get(taxType) : undefined
  errors.push(...taxErrors(taxType, rate, account))

  const description = text(element.Description) ?? old?.Description ?? describe(item, context.type)
  errors.push(...descriptionErrors(description, context.status))
  const numbers = readNumbers(element, old, price?.UnitPrice)
  if (numbers.bad.length > 0)
    return { errors: [...errors, ...numbers.bad.map((field) => `The ${field} is not a number.`)] }
  const figures = lineMoney({ ...numbers.values, taxRate: new Big(rate?.Rate ?? 0) }, types, unitDecimals)
  if (figures.mismatch) {
    errors.push(
      `The line total ${money(figures.mismatch.given)} does not match the expected line total ${money(figures.mismatch.expected)}`,
    )
  }
  if (context.type === 'ACCPAY' && (numbers.values.DiscountRate || numbers.values.DiscountAmount))
    errors.push('Discounts are only supported on ACCREC invoices.')
  const tracking = planTracking(element, old, store)
  errors.push(...tracking.errors)

  const line: LineItem = {
    LineItemID: old?.LineItemID ?? newId(),
    Description: description,
    Quantity: figures.Quantity.toFixed(4),
    UnitAmount: figures.UnitAmount.toFixed(unitDecimals),
    LineAmount: money(figures.LineAmount),
    TaxAmount: money(figures.TaxAmount),
    TaxType: taxType,
    AccountCode: account?.Code,
    ItemCode: item?.Code,
    DiscountRate: numbers.values.DiscountRate?.toString(),
    DiscountAmount: numbers.values.DiscountAmount?.toFixed(2),
    Tracking: tracking.options,
  }
  return { line, figures, errors }
}

/** A line of text alone needs no account: Xero prints it and counts nothing. */
const isRemark = (element: Element, old: LineItem | undefined, item: Item | undefined) =>
  !old &&
  !item &&
  !element.AccountCode &&
  numberFields.every((field) => element[field] === undefined || element[field] === null)

const describe = (item: Item | undefined, type: Invoice['Type']) =>
  type === 'ACCREC' ? item?.Description : (item?.PurchaseDescription ?? item?.Description)

function descriptionErrors(description: string | undefined, status: InvoiceStatus): string[] {
  if (!description) return status === 'DRAFT' ? [] : ['Description is required for each line item.']
  return [...description].length > 4000 ? ['The Description cannot be longer than 4000 characters.'] : []
}

function accountErrors(code: string | undefined, account: Account | undefined, status: InvoiceStatus): string[] {
  if (!code) return status === 'DRAFT' ? [] : ['Account code must be specified']
  if (account?.Status === 'ARCHIVED') {
    return [
      `Account code '${code}' has been archived, or has been deleted. Each line item must reference a valid account.`,
    ]
  }
  if (!account || account.Type === 'BANK' || account.SystemAccount)
    return [`Account code '${code}' is not a valid code for this document.`]
  return []
}

function resolveTax(
  element: Element,
  old: LineItem | undefined,
  itemTax: string | undefined,
  account: Account | undefined,
  context: LineContext,
) {
  if (context.types === 'NoTax') return text(element.TaxType) || 'NONE'
  return text(element.TaxType) || old?.TaxType || context.contactTaxType || itemTax || account?.TaxType
}

function taxErrors(taxType: string | undefined, rate: TaxRate | undefined, account: Account | undefined): string[] {
  if (!taxType) return []
  if (rate?.Status !== 'ACTIVE')
    return [`The TaxType code '${taxType}' does not exist or cannot be used for this type of transaction.`]
  if (account && !rate.CanApplyTo.includes(account.Class))
    return [`The TaxType code '${taxType}' cannot be used with account code '${account.Code}'.`]
  return []
}

const numberFields = ['Quantity', 'UnitAmount', 'LineAmount', 'DiscountRate', 'DiscountAmount', 'TaxAmount'] as const
type Numbers = Record<(typeof numberFields)[number], Big | undefined>

// A new quantity, price, tax type or discount makes the old amounts stale, so only quantity and price are carried over.
function readNumbers(
  element: Element,
  old: LineItem | undefined,
  itemPrice: string | undefined,
): { values: Numbers; bad: string[] } {
  const bad: string[] = []
  const values = Object.fromEntries(
    numberFields.map((field) => {
      const value = decimal(element[field])
      if (value === null) bad.push(field)
      return [field, value ?? undefined]
    }),
  ) as Numbers
  const amountAlone =
    values.LineAmount !== undefined && values.Quantity === undefined && values.UnitAmount === undefined
  if (!amountAlone && values.Quantity === undefined && old?.Quantity) values.Quantity = new Big(old.Quantity)
  const price = old?.UnitAmount ?? itemPrice
  if (values.LineAmount === undefined && values.UnitAmount === undefined && price) values.UnitAmount = new Big(price)
  if (values.DiscountRate === undefined && values.DiscountAmount === undefined) {
    if (old?.DiscountRate) values.DiscountRate = new Big(old.DiscountRate)
    if (old?.DiscountAmount) values.DiscountAmount = new Big(old.DiscountAmount)
  }
  return { values, bad }
}

function planTracking(
  element: Element,
  old: LineItem | undefined,
  store: OrganisationStore,
): { options: LineItem['Tracking']; errors: string[] } {
  if (!Array.isArray(element.Tracking)) return { options: old?.Tracking ?? [], errors: [] }
  const errors: string[] = []
  if (element.Tracking.length > 2) errors.push('A line item can have at most 2 tracking categories.')
  const options = element.Tracking.filter(isElement).flatMap((sent) => {
    const category = [...store.trackingCategories.all()].find(
      (c) =>
        c.Status === 'ACTIVE' &&
        (c.TrackingCategoryID === guidOf(sent.TrackingCategoryID) ||
          (!sent.TrackingCategoryID && c.Name === sent.Name)),
    )
    const option = category?.Options.find(
      (o) =>
        o.Status === 'ACTIVE' &&
        (o.TrackingOptionID === guidOf(sent.TrackingOptionID) || (!sent.TrackingOptionID && o.Name === sent.Option)),
    )
    if (!category || !option) {
      errors.push(
        `The tracking option '${text(sent.Option) ?? text(sent.TrackingOptionID) ?? ''}' is not a valid option of an active tracking category.`,
      )
      return []
    }
    return [
      {
        TrackingCategoryID: category.TrackingCategoryID,
        TrackingOptionID: option.TrackingOptionID,
        Name: category.Name,
        Option: option.Name,
      },
    ]
  })
  return { options, errors }
}
