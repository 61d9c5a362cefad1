/** Rows in Xero's own words. Money and quantities are exact decimals as text, dates "YYYY-MM-DD", instants milliseconds. */

export const phoneTypes = ['DDI', 'DEFAULT', 'FAX', 'MOBILE'] as const
export type PhoneType = (typeof phoneTypes)[number]
export interface Phone {
  readonly PhoneNumber: string
  readonly PhoneAreaCode: string
  readonly PhoneCountryCode: string
}

export const addressTypes = ['POBOX', 'STREET'] as const
export type AddressType = (typeof addressTypes)[number]
export const addressFields = {
  AddressLine1: 500,
  AddressLine2: 500,
  AddressLine3: 500,
  AddressLine4: 500,
  City: 255,
  Region: 255,
  PostalCode: 50,
  Country: 50,
  AttentionTo: 255,
} as const
export type Address = Readonly<Partial<Record<keyof typeof addressFields, string>>>

export interface ContactPerson {
  readonly FirstName?: string
  readonly LastName?: string
  readonly EmailAddress?: string
  readonly IncludeInEmails: boolean
}

/** Text fields of a contact and their greatest length. */
export const contactTexts = {
  Name: 255,
  ContactNumber: 50,
  AccountNumber: 50,
  FirstName: 255,
  LastName: 255,
  CompanyNumber: 50,
  EmailAddress: 255,
  BankAccountDetails: 255,
  TaxNumber: 50,
  AccountsReceivableTaxType: 50,
  AccountsPayableTaxType: 50,
  DefaultCurrency: 3,
  SalesDefaultAccountCode: 10,
  PurchasesDefaultAccountCode: 10,
} as const
export type ContactText = keyof typeof contactTexts

export interface PaymentTerms {
  readonly Bills?: { readonly Day: number; readonly Type: string }
  readonly Sales?: { readonly Day: number; readonly Type: string }
}

export interface Contact extends Readonly<Partial<Record<Exclude<ContactText, 'Name'>, string>>> {
  readonly ContactID: string
  readonly ContactStatus: 'ACTIVE' | 'ARCHIVED' | 'GDPRREQUEST'
  readonly Name: string
  readonly Phones: Readonly<Partial<Record<PhoneType, Phone>>>
  readonly Addresses: Readonly<Partial<Record<AddressType, Address>>>
  readonly ContactPersons: readonly ContactPerson[]
  readonly PaymentTerms?: PaymentTerms | undefined
  readonly MergedToContactID?: string | undefined
  readonly updatedAt: number
}

export interface ItemPrice {
  readonly UnitPrice?: string | undefined
  readonly AccountCode?: string | undefined
  readonly TaxType?: string | undefined
}

export interface Item {
  readonly ItemID: string
  readonly Code: string
  readonly Name?: string | undefined
  readonly Description?: string | undefined
  readonly PurchaseDescription?: string | undefined
  readonly IsSold: boolean
  readonly IsPurchased: boolean
  readonly SalesDetails: ItemPrice
  readonly PurchaseDetails: ItemPrice
  readonly updatedAt: number
}

export interface Account {
  readonly AccountID: string
  readonly Code: string
  readonly Name: string
  readonly Type: string
  readonly TaxType: string
  readonly Status: 'ACTIVE' | 'ARCHIVED'
  readonly Class: 'ASSET' | 'EQUITY' | 'EXPENSE' | 'LIABILITY' | 'REVENUE'
  readonly Description?: string | undefined
  readonly SystemAccount?: string | undefined
  readonly EnablePaymentsToAccount: boolean
  readonly BankAccountNumber?: string | undefined
  readonly updatedAt: number
}

export interface TaxRate {
  readonly TaxType: string
  readonly Name: string
  readonly Status: 'ACTIVE' | 'DELETED' | 'ARCHIVED'
  readonly ReportTaxType: string
  readonly CanApplyTo: readonly Account['Class'][]
  /** Percent. */
  readonly Rate: string
  readonly updatedAt: number
}

export interface TrackingCategory {
  readonly TrackingCategoryID: string
  readonly Name: string
  readonly Status: 'ACTIVE' | 'ARCHIVED'
  readonly Options: readonly {
    readonly TrackingOptionID: string
    readonly Name: string
    readonly Status: 'ACTIVE' | 'ARCHIVED'
  }[]
  readonly updatedAt: number
}

export interface Organisation {
  readonly OrganisationID: string
  readonly Name: string
  readonly LegalName: string
  readonly CountryCode: string
  readonly Version: string
  readonly BaseCurrency: string
  /** Xero's own name of it, "NEWZEALANDSTANDARDTIME". */
  readonly Timezone: string
  readonly ShortCode: string
  readonly IsDemoCompany: boolean
  readonly TaxNumber: string
  readonly PeriodLockDate: string | null
  readonly EndOfYearLockDate: string | null
  readonly Currencies: readonly string[]
  /** What this app's user may do; the rest of Xero's list is allowed. */
  readonly ForbiddenActions: readonly string[]
  readonly createdAt: number
}

export type InvoiceStatus = 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'PAID' | 'VOIDED' | 'DELETED'
export type LineAmountTypes = 'Exclusive' | 'Inclusive' | 'NoTax'

export interface LineItem {
  readonly LineItemID: string
  readonly Description?: string | undefined
  readonly Quantity?: string | undefined
  readonly UnitAmount?: string | undefined
  readonly LineAmount: string
  readonly TaxAmount: string
  readonly TaxType?: string | undefined
  readonly AccountCode?: string | undefined
  readonly ItemCode?: string | undefined
  readonly DiscountRate?: string | undefined
  readonly DiscountAmount?: string | undefined
  readonly Tracking: readonly {
    readonly TrackingCategoryID: string
    readonly TrackingOptionID: string
    readonly Name: string
    readonly Option: string
  }[]
}

export interface Invoice {
  readonly InvoiceID: string
  readonly Type: 'ACCREC' | 'ACCPAY'
  readonly InvoiceNumber: string
  readonly Reference: string
  readonly ContactID: string
  readonly Status: InvoiceStatus
  readonly LineAmountTypes: LineAmountTypes
  readonly Date: string
  readonly DueDate?: string | undefined
  readonly ExpectedPaymentDate?: string | undefined
  readonly PlannedPaymentDate?: string | undefined
  readonly CurrencyCode: string
  readonly CurrencyRate: string
  readonly Url?: string | undefined
  readonly BrandingThemeID?: string | undefined
  readonly SentToContact: boolean
  readonly LineItems: readonly LineItem[]
  readonly SubTotal: string
  readonly TotalTax: string
  readonly Total: string
  readonly TotalDiscount: string
  readonly AmountPaid: string
  readonly AmountCredited: string
  readonly FullyPaidOnDate?: string | undefined
  /** The app that created it, for `createdByMyApp`; null: a person. */
  readonly createdBy: string | null
  readonly updatedAt: number
}

export interface Payment {
  readonly PaymentID: string
  readonly InvoiceID: string
  readonly Date: string
  readonly Amount: string
  readonly Reference: string
  readonly AccountCode: string
  readonly Status: 'AUTHORISED' | 'DELETED'
  readonly IsReconciled: boolean
  readonly updatedAt: number
}

export interface CreditNote {
  readonly CreditNoteID: string
  readonly CreditNoteNumber: string
  readonly Type: 'ACCRECCREDIT'
  readonly ContactID: string
  readonly Status: 'AUTHORISED' | 'PAID' | 'VOIDED'
  readonly Date: string
  readonly Reference: string
  readonly LineAmountTypes: LineAmountTypes
  readonly CurrencyCode: string
  readonly LineItems: readonly LineItem[]
  readonly SubTotal: string
  readonly TotalTax: string
  readonly Total: string
  readonly Allocations: readonly {
    readonly AllocationID: string
    readonly InvoiceID: string
    readonly Amount: string
    readonly Date: string
  }[]
  readonly updatedAt: number
}

export interface HistoryRecord {
  readonly Changes: string
  readonly Details: string
  readonly User: string
  readonly at: number
}
