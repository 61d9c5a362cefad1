import { fold } from '../store/fold.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import {
  type Address,
  addressFields,
  addressTypes,
  type Contact,
  type ContactPerson,
  type ContactText,
  contactTexts,
  type PaymentTerms,
  type Phone,
  phoneTypes,
} from '../store/types.js'
import type { Element } from './element.js'

export const archivedMessage =
  'The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.'

export type ContactPlan =
  | { readonly contact: Contact; readonly errors?: never }
  | { readonly errors: readonly string[] }

/**
 * The contact that an element makes of `before` (undefined: a new one), or why Xero refuses it.
 * @param id for a new contact
 */
export function planContact(
  store: OrganisationStore,
  before: Contact | undefined,
  element: Element,
  id: string,
  now: number,
): ContactPlan {
  if (before && before.ContactStatus !== 'ACTIVE') return { errors: [archivedMessage] }
  const texts = mergeTexts(before, element)
  const errors = [
    ...textErrors(texts),
    ...phoneErrors(element),
    ...addressErrors(element),
    ...personErrors(element),
    ...termsErrors(element),
    ...uniquenessErrors(store, before, texts),
  ]
  const status = element.ContactStatus ?? before?.ContactStatus ?? 'ACTIVE'
  if (status !== 'ACTIVE' && status !== 'ARCHIVED') errors.push(`The ContactStatus ${String(status)} is not valid`)
  if (errors.length > 0) return { errors }
  const contact: Contact = {
    ...texts,
    ContactID: before?.ContactID ?? id,
    ContactStatus: status === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE',
    Name: texts.Name ?? '',
    Phones: mergePhones(before, element),
    Addresses: mergeAddresses(before, element),
    ContactPersons: Array.isArray(element.ContactPersons)
      ? element.ContactPersons.map(person)
      : (before?.ContactPersons ?? []),
    PaymentTerms: (element.PaymentTerms as PaymentTerms | undefined) ?? before?.PaymentTerms,
    updatedAt: now,
  }
  return { contact }
}

const given = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'
const isRecord = (value: unknown): value is Element =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const records = (value: unknown): readonly Element[] => (Array.isArray(value) ? value.filter(isRecord) : [])

type Texts = Partial<Record<ContactText, string>>

function mergeTexts(before: Contact | undefined, element: Element): Texts {
  const merged: Texts = {}
  for (const field of Object.keys(contactTexts) as ContactText[]) {
    const value = element[field]
    const text = given(value) ? String(value) : before?.[field]
    if (text !== undefined && text !== '') merged[field] = text
  }
  return merged
}

// Anything a person can't type, and what XML can't carry.
const controls = /\p{Cc}/u
const email = /^[^\s@<>()[\],;:"]+@[^\s@<>()[\],;:"]+\.[^\s@<>()[\],;:".]+$/

function textErrors(texts: Texts): string[] {
  const errors: string[] = []
  const { Name = '', EmailAddress } = texts
  if (Name === '') errors.push('The contact name must be specified.')
  if (/[<>]/.test(Name)) errors.push('The contact name cannot contain angle brackets.')
  if (Name !== Name.trim() || / {2}/.test(Name))
    errors.push('The contact name cannot have leading, trailing or double spaces.')
  for (const [field, text] of Object.entries(texts)) {
    const max = contactTexts[field as ContactText]
    if ([...text].length > max) errors.push(`The ${field} cannot be longer than ${max} characters.`)
    if (controls.test(text)) errors.push(`The ${field} contains characters that are not allowed.`)
  }
  if (EmailAddress !== undefined && (!email.test(EmailAddress) || !isAscii(EmailAddress)))
    errors.push('Email address must be valid.')
  return errors
}

const isAscii = (text: string) => [...text].every((character) => character.charCodeAt(0) < 128)

function uniquenessErrors(store: OrganisationStore, before: Contact | undefined, texts: Texts): string[] {
  const taken = (other: Contact | undefined) => other !== undefined && other.ContactID !== before?.ContactID
  const errors: string[] = []
  const { Name, ContactNumber, AccountNumber } = texts
  if (Name && taken(store.contacts.by(store.contactByName, fold(Name)))) errors.push(nameTaken(Name))
  if (ContactNumber && taken(store.contacts.by(store.contactByNumber, ContactNumber))) {
    errors.push('The Contact Number already exists. Please enter a different Contact Number.')
  }
  if (AccountNumber && taken(store.contacts.by(store.contactByAccountNumber, fold(AccountNumber)))) {
    errors.push('The Account Number already exists. Please enter a different Account Number.')
  }
  return errors
}

export const nameTaken = (name: string): string =>
  `The contact name ${name} is already assigned to another contact. The contact name must be unique across all active contacts.`

const termTypes = ['DAYSAFTERBILLDATE', 'DAYSAFTERBILLMONTH', 'OFCURRENTMONTH', 'OFFOLLOWINGMONTH']

function termsErrors({ PaymentTerms }: Element): string[] {
  if (!isRecord(PaymentTerms)) return []
  const sides = [PaymentTerms.Bills, PaymentTerms.Sales].filter(isRecord)
  const fine = sides.every(
    ({ Day, Type }) => Number.isInteger(Day) && Number(Day) >= 0 && termTypes.includes(String(Type)),
  )
  return fine ? [] : ['The payment terms are not valid.']
}

const phoneMax = { PhoneNumber: 50, PhoneAreaCode: 10, PhoneCountryCode: 20 } as const

function phoneErrors(element: Element): string[] {
  return records(element.Phones).flatMap((phone) =>
    Object.entries(phoneMax).flatMap(([field, max]) =>
      String(phone[field] ?? '').length > max ? [`The ${field} cannot be longer than ${max} characters.`] : [],
    ),
  )
}

function mergePhones(before: Contact | undefined, element: Element): Contact['Phones'] {
  const phones = { ...before?.Phones }
  for (const sent of records(element.Phones)) {
    const slot = phoneTypes.find((type) => type === sent.PhoneType)
    if (!slot) continue
    const old = phones[slot]
    const part = (field: keyof Phone) => (given(sent[field]) ? String(sent[field]) : (old?.[field] ?? ''))
    phones[slot] = {
      PhoneNumber: part('PhoneNumber'),
      PhoneAreaCode: part('PhoneAreaCode'),
      PhoneCountryCode: part('PhoneCountryCode'),
    }
  }
  return phones
}

const addressKeys = Object.keys(addressFields) as (keyof Address)[]

function addressErrors(element: Element): string[] {
  return records(element.Addresses).flatMap((address) => [
    ...addressKeys.flatMap((field) =>
      String(address[field] ?? '').length > addressFields[field]
        ? [`The ${field} cannot be longer than ${addressFields[field]} characters.`]
        : [],
    ),
    ...(/[^A-Za-z ]/.test(String(address.Country ?? '')) ? ['The Country can only contain letters.'] : []),
  ])
}

function mergeAddresses(before: Contact | undefined, element: Element): Contact['Addresses'] {
  const addresses = { ...before?.Addresses }
  for (const sent of records(element.Addresses)) {
    const slot = addressTypes.find((type) => type === sent.AddressType)
    if (!slot) continue
    const merged: Partial<Record<keyof Address, string>> = { ...addresses[slot] }
    for (const field of addressKeys) if (given(sent[field])) merged[field] = String(sent[field])
    addresses[slot] = merged
  }
  return addresses
}

function personErrors(element: Element): string[] {
  const people = records(element.ContactPersons)
  const errors = people.length > 5 ? ['A contact can have at most 5 contact persons.'] : []
  if (people.some((p) => p.EmailAddress && !email.test(String(p.EmailAddress))))
    errors.push('Email address must be valid.')
  return errors
}

function person(sent: unknown): ContactPerson {
  const fields = isRecord(sent) ? sent : {}
  const text = (field: 'FirstName' | 'LastName' | 'EmailAddress') =>
    given(fields[field]) ? { [field]: String(fields[field]) } : {}
  return {
    ...text('FirstName'),
    ...text('LastName'),
    ...text('EmailAddress'),
    IncludeInEmails: fields.IncludeInEmails === true,
  }
}
