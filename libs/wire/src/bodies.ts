import { AppError } from '@afo/kit'
import type { XeroContact } from './answers.js'
import { decimalOf } from './scalars.js'
import type { ContactWrite, InvoiceWrite } from './writes.js'

/** A contact's body: Xero clears by "", not by null. */
export function contactBody(contact: ContactWrite): object {
  return JSON.parse(JSON.stringify(contact, (_key, value: unknown) => (value === null ? '' : value)))
}

/** A sales invoice's body. @throws AppError `invalid` for an amount that a JSON number can't carry exactly */
export function invoiceBody({ lineItems, ...invoice }: InvoiceWrite): object {
  const lines = lineItems.map(({ quantity, unitAmount, ...line }) => ({
    ...line,
    quantity: exactNumber(quantity),
    unitAmount: exactNumber(unitAmount),
  }))
  return { type: 'ACCREC', lineAmountTypes: 'Exclusive', ...invoice, lineItems: lines }
}

/** The number whose shortest text is this decimal. */
export function exactNumber(decimal: string): number {
  const plain = decimal
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/^-0$/, '0')
  const number = Number(plain)
  if (plain !== '' && decimalOf(number) === plain) return number
  throw new AppError('invalid', `${decimal} can't be sent to Xero exactly`, { code: 'inexact-amount' })
}

const plainName = (name: string | null) => (name ?? '').normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()

/** Whether Xero answers for the contact that was sent: by id, else by number, else by name as Xero compares names. */
export function sameContact(asked: ContactWrite, answered: XeroContact): boolean {
  if (asked.contactID !== undefined) return asked.contactID.toLowerCase() === answered.contactID.toLowerCase()
  if (asked.contactNumber) return asked.contactNumber === answered.contactNumber
  return plainName(asked.name ?? '') === plainName(answered.name)
}
