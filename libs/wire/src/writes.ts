import type { XeroContact } from './answers.js'

/** A contact to be written. What is left out keeps its value in Xero, "" clears it, a list sent replaces the whole. */
export interface ContactWrite {
  readonly contactID?: string
  readonly name?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly emailAddress?: string
  readonly contactNumber?: string
  readonly accountNumber?: string
  readonly taxNumber?: string
  readonly contactStatus?: 'ACTIVE' | 'ARCHIVED'
  readonly phones?: readonly Partial<XeroContact['phones'][number]>[]
  readonly addresses?: readonly Partial<XeroContact['addresses'][number]>[]
}

/** A sales invoice to be created. Quantities and unit prices are decimal text with at most 4 places; tax amounts are Xero's to compute. */
export interface InvoiceWrite {
  readonly invoiceNumber: string
  readonly reference?: string
  readonly contact: { readonly contactID: string }
  readonly date: string
  readonly dueDate: string
  readonly status: 'DRAFT' | 'SUBMITTED' | 'AUTHORISED'
  readonly currencyCode?: string
  readonly lineAmountTypes?: 'Exclusive' | 'Inclusive' | 'NoTax'
  /** Shown in Xero as "Go to ..."; must not contain "xero". */
  readonly url?: string
  readonly lineItems: readonly LineItemWrite[]
}

export interface LineItemWrite {
  readonly description: string
  readonly quantity: string
  readonly unitAmount: string
  readonly itemCode?: string
  readonly accountCode?: string
  readonly taxType?: string
  readonly tracking?: readonly { readonly name: string; readonly option: string }[]
}
