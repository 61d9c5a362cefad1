import type { SeenContact, SomeFields, SyncedField } from '@afo/contracts'
import type { ContactWrite, XeroContact } from '@afo/wire'
import { clean } from './clean.js'

/*
 * Our fields and Xero's. One table each way; what isn't in it (direct dial, fax, "attention to", contact persons) stays in Xero as it is.
 */

const texts = {
  name: 'name',
  first_name: 'firstName',
  last_name: 'lastName',
  email: 'emailAddress',
  tax_number: 'taxNumber',
  account_number: 'accountNumber',
} as const satisfies Partial<Record<SyncedField, keyof ContactWrite & keyof XeroContact>>

const phoneSlots = { phone: 'DEFAULT', mobile: 'MOBILE' } as const

/** Our address fields by slot; `street` is Xero's four lines. */
const addressSlots = {
  STREET: { street: 'street', city: 'city', region: 'region', postalCode: 'postal_code', country: 'country' },
  POBOX: {
    street: 'mailing_street',
    city: 'mailing_city',
    region: 'mailing_region',
    postalCode: 'mailing_postal_code',
    country: 'mailing_country',
  },
} as const
const lines = ['addressLine1', 'addressLine2', 'addressLine3', 'addressLine4'] as const

type Phone = XeroContact['phones'][number]
type Address = XeroContact['addresses'][number]

/** A contact of Xero's in our terms, cleaned as our own side is, so that equal things compare equal. */
export function seen(contact: XeroContact): SeenContact {
  const { phones, addresses } = contact
  const fields: Partial<Record<SyncedField, string | null>> = {
    archived: contact.contactStatus === 'ACTIVE' ? null : 'archived',
  }
  for (const [ours, theirs] of entries(texts)) fields[ours] = contact[theirs]
  for (const [ours, type] of entries(phoneSlots)) fields[ours] = spoken(phones.find((p) => p.phoneType === type))
  for (const [type, columns] of entries(addressSlots)) {
    const address = addresses.find((a) => a.addressType === type)
    fields[columns.street] = lines.flatMap((line) => address?.[line] ?? []).join('\n')
    for (const part of ['city', 'region', 'postalCode', 'country'] as const)
      fields[columns[part]] = address?.[part] ?? null
  }
  return {
    contactId: contact.contactID,
    contactNumber: contact.contactNumber,
    status: contact.contactStatus ?? 'ACTIVE',
    mergedTo: contact.mergedToContactID,
    isCustomer: contact.isCustomer,
    fields: clean(fields as SeenContact['fields']),
    phones: phones.filter((p) => spoken(p) !== null),
    addresses: addresses.filter((a) => Object.values(a).some((v) => v !== null && v !== a.addressType)),
    paymentTerms: termsOf(contact),
    updatedAt: contact.updatedDateUTC,
  }
}

function termsOf({ paymentTerms }: XeroContact): SeenContact['paymentTerms'] {
  const { day, type } = paymentTerms?.sales ?? { day: null, type: null }
  return day === null || type === null ? null : { day, type }
}

const spoken = (phone: Phone | undefined): string | null =>
  [phone?.phoneCountryCode, phone?.phoneAreaCode, phone?.phoneNumber].filter(Boolean).join(' ') || null

/** The changed fields as a write. Of phones and addresses every slot in use goes along: Xero takes a list sent as the whole. */
export function written(changes: SomeFields, before: Pick<SeenContact, 'phones' | 'addresses'>): ContactWrite {
  const write: Record<string, unknown> = {}
  for (const [ours, theirs] of entries(texts)) if (has(changes, ours)) write[theirs] = changes[ours] ?? ''
  if (has(changes, 'archived')) write.contactStatus = changes.archived === null ? 'ACTIVE' : 'ARCHIVED'
  if (has(changes, 'phone') || has(changes, 'mobile')) write.phones = phones(changes, before.phones)
  const columns = Object.values(addressSlots).flatMap((slot) => Object.values(slot))
  if (columns.some((column) => has(changes, column))) write.addresses = addresses(changes, before.addresses)
  return write
}

function phones(changes: SomeFields, before: SeenContact['phones']): Partial<Phone>[] {
  const changed = entries(phoneSlots).filter(([ours]) => has(changes, ours))
  const types: readonly string[] = changed.map(([, type]) => type)
  return [
    ...before.filter((phone) => !types.includes(phone.phoneType ?? '')),
    ...changed.map(([ours, phoneType]) => ({
      phoneType,
      phoneNumber: changes[ours] ?? '',
      phoneAreaCode: '',
      phoneCountryCode: '',
    })),
  ]
}

function addresses(changes: SomeFields, before: SeenContact['addresses']): Partial<Address>[] {
  return entries(addressSlots).flatMap(([addressType, columns]) => {
    const address: Record<string, string | null> = {
      ...before.find((a) => a.addressType === addressType),
      addressType,
    }
    if (has(changes, columns.street)) {
      const given = (changes[columns.street] ?? '').split('\n')
      for (const [i, line] of lines.entries()) address[line] = given[i] ?? ''
    }
    for (const part of ['city', 'region', 'postalCode', 'country'] as const)
      if (has(changes, columns[part])) address[part] = changes[columns[part]] ?? ''
    return Object.keys(address).length > 1 ? [address] : []
  })
}

const has = (fields: SomeFields, field: SyncedField) => fields[field] !== undefined
const entries = <K extends string, V>(table: { readonly [key in K]: V }) => Object.entries(table) as [K, V][]
