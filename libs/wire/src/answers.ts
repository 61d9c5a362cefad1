import { z } from 'zod'
import { amount, calendarDate, decimal, decimalText, flag, instant, listOf, text } from './scalars.js'

/*
 * Xero's answers. Lenient: unknown fields are dropped, absent ones are null, only ids and an invoice's sums are insisted on, since a sum
 * left out must not read as zero due. Fields bear the SDK's names (Xero's own,
 * first letter small); money is decimal text, a date is "2026-09-14", an instant is ISO text.
 */

type Named<T> = { readonly [K in keyof T & string as Uncapitalize<K>]: T[K] }

/** An object whose fields lose their capital. */
const record = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.object(shape).transform((given) => {
    const named = Object.entries(given).map(([key, value]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, value])
    return Object.fromEntries(named) as Named<typeof given>
  })

/** Several fields of one kind. */
const texts = <K extends string>(...keys: readonly K[]) => fields(keys, text)
const amounts = <K extends string>(...keys: readonly K[]) => fields(keys, amount)
const sums = <K extends string>(...keys: readonly K[]) => fields(keys, decimalText)
const fields = <K extends string, S>(keys: readonly K[], kind: S) =>
  Object.fromEntries(keys.map((key) => [key, kind])) as Record<K, S>

const orNull = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? null)

const phone = record(texts('PhoneType', 'PhoneNumber', 'PhoneAreaCode', 'PhoneCountryCode'))

const address = record({
  ...texts('AddressType', 'AddressLine1', 'AddressLine2', 'AddressLine3', 'AddressLine4'),
  ...texts('City', 'Region', 'PostalCode', 'Country', 'AttentionTo'),
})

/** `type`: DAYSAFTERBILLDATE, DAYSAFTERBILLMONTH, OFCURRENTMONTH or OFFOLLOWINGMONTH. */
const paymentTerms = orNull(record({ Sales: orNull(record({ Day: orNull(z.number()), Type: text })) }))

/** `contactStatus` is ACTIVE, ARCHIVED or GDPRREQUEST; `phones` come in four slots: DEFAULT, DDI, MOBILE, FAX. */
export const contact = record({
  ContactID: z.guid(),
  ...texts('Name', 'FirstName', 'LastName', 'EmailAddress', 'ContactNumber', 'AccountNumber', 'TaxNumber'),
  ...texts('ContactStatus', 'MergedToContactID'),
  Phones: listOf(phone),
  Addresses: listOf(address),
  IsCustomer: flag,
  IsSupplier: flag,
  PaymentTerms: paymentTerms,
  UpdatedDateUTC: instant,
})
export type XeroContact = z.output<typeof contact>

const lineItem = record({
  ...texts('LineItemID', 'Description', 'ItemCode', 'AccountCode', 'TaxType'),
  ...amounts('Quantity', 'UnitAmount', 'TaxAmount', 'LineAmount'),
  Tracking: listOf(record(texts('Name', 'Option'))),
})

/**
 * `type` is ACCREC for a sales invoice, ACCPAY for a bill, which the product never keeps; `status` is DRAFT, SUBMITTED, AUTHORISED, PAID, VOIDED or
 * DELETED; `amountCredited` counts credit notes, overpayments and prepayments.
 */
export const invoice = record({
  InvoiceID: z.guid(),
  Status: z.string(),
  ...texts('InvoiceNumber', 'Reference', 'Type', 'CurrencyCode', 'LineAmountTypes'),
  Contact: orNull(record(texts('ContactID', 'Name'))),
  Date: calendarDate,
  DueDate: calendarDate,
  ...sums('SubTotal', 'TotalTax', 'Total', 'AmountDue'),
  ...amounts('AmountPaid', 'AmountCredited'),
  FullyPaidOnDate: calendarDate,
  LineItems: listOf(lineItem),
  UpdatedDateUTC: instant,
})
export type XeroInvoice = z.output<typeof invoice>

export const item = record({
  ItemID: z.guid(),
  Code: z.string(),
  ...texts('Name', 'Description'),
  IsSold: z.boolean().default(true),
  SalesDetails: orNull(record({ UnitPrice: decimal, ...texts('AccountCode', 'TaxType') })),
  UpdatedDateUTC: instant,
})
export type XeroItem = z.output<typeof item>

export const historyNote = record({ DateUTC: instant, ...texts('Changes', 'User', 'Details') })
export type HistoryNote = z.output<typeof historyNote>

export const account = record({
  AccountID: z.guid(),
  ...texts('Code', 'Name', 'Type', 'Class', 'Status', 'TaxType', 'SystemAccount'),
})
export type XeroAccount = z.output<typeof account>

/** Rates are percent: "15", "8.25". */
export const taxRate = record({
  TaxType: z.string(),
  ...texts('Name', 'Status'),
  ...amounts('DisplayTaxRate', 'EffectiveRate'),
  CanApplyToRevenue: flag,
})
export type XeroTaxRate = z.output<typeof taxRate>

/** `timezone` is Xero's own name of it: NEWZEALANDSTANDARDTIME. */
export const organisation = record({
  Name: z.string(),
  ...texts('OrganisationID', 'CountryCode', 'BaseCurrency', 'Timezone', 'ShortCode'),
  PeriodLockDate: calendarDate,
  EndOfYearLockDate: calendarDate,
  IsDemoCompany: flag,
  PaymentTerms: paymentTerms,
})
export type XeroOrganisation = z.output<typeof organisation>

export const trackingCategory = record({
  TrackingCategoryID: z.guid(),
  ...texts('Name', 'Status'),
  Options: listOf(record(texts('TrackingOptionID', 'Name', 'Status'))),
})
export type XeroTrackingCategory = z.output<typeof trackingCategory>
