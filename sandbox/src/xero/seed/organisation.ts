import { derivedId } from '@afo/kit'
import type { OrganisationOption } from '../options.js'
import type { OrganisationStore } from '../store/organisation-store.js'
import type { Contact, Organisation, Phone, TrackingCategory } from '../store/types.js'
import { seedAccounts, seedTaxRates } from './chart.js'
import { sharedCompanies } from './contacts.js'
import { seedItems } from './items.js'
import { otherContacts, pastContacts } from './other-contacts.js'
import type { SeedContact } from './types.js'

/** What a fresh sandbox holds: Xero's demo company, and another organisation that the same user may choose. */
export const defaultOrganisations: readonly OrganisationOption[] = [
  { tenantId: '6f1e9b0a-4c3d-4e8f-8a5b-2d7c9e0f1a34', name: 'Demo Company (NZ)', seed: 'demo' },
  { tenantId: 'c2d3e4f5-0617-4829-9a3b-4c5d6e7f8091', name: 'Amped Holdings Pty Ltd', seed: 'bare', countryCode: 'AU' },
]

export function seedOrganisation(
  { tenantId, name, countryCode = 'NZ', seed }: OrganisationOption,
  now: number,
): Organisation {
  return {
    OrganisationID: tenantId,
    Name: name,
    LegalName: name,
    CountryCode: countryCode,
    Version: countryCode,
    BaseCurrency: countryCode === 'NZ' ? 'NZD' : 'AUD',
    Timezone: countryCode === 'NZ' ? 'NEWZEALANDSTANDARDTIME' : 'AUSEASTERNSTANDARDTIME',
    ShortCode: `!${tenantId.slice(0, 5)}`,
    IsDemoCompany: seed === 'demo',
    TaxNumber: countryCode === 'NZ' ? '101-2-303' : '53004085616',
    PeriodLockDate: null,
    EndOfYearLockDate: null,
    Currencies: countryCode === 'NZ' ? ['NZD', 'AUD', 'USD'] : ['AUD'],
    ForbiddenActions: [],
    createdAt: now,
  }
}

/** Fills a store with what the option asks for. The same rows have the same ids in every sandbox. */
export function fillOrganisation(store: OrganisationStore, option: OrganisationOption, now: number): void {
  const idOf = (kind: string) => (key: string) => derivedId('xero', option.tenantId, kind, key)
  for (const account of seedAccounts(idOf('account'), now)) store.accounts.put(account)
  for (const rate of seedTaxRates(option.countryCode ?? 'NZ', now)) store.taxRates.put(rate)
  if (option.seed === 'bare') return
  for (const item of seedItems(idOf('item'), now)) store.items.put(item)
  for (const category of seedTracking(idOf('tracking'), now)) store.trackingCategories.put(category)
  const contactId = idOf('contact')
  for (const contact of [...sharedCompanies, ...otherContacts])
    store.contacts.put(seedContact(contact, contactId(contact.name), now))
  for (const past of pastContacts) {
    const merged = past.mergedInto ? { MergedToContactID: contactId(past.mergedInto) } : {}
    store.contacts.put({ ...seedContact(past, contactId(past.name), now), ContactStatus: 'ARCHIVED', ...merged })
  }
}

function seedContact(seed: SeedContact, ContactID: string, now: number): Contact {
  const optional = {
    FirstName: seed.firstName,
    LastName: seed.lastName,
    EmailAddress: seed.email,
    TaxNumber: seed.taxNumber,
    AccountNumber: seed.accountNumber,
  }
  const texts = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
  const phone = (given: { area: string; number: string } | undefined): Phone | undefined =>
    given && {
      PhoneNumber: given.number,
      PhoneAreaCode: given.area,
      PhoneCountryCode: seed.country === 'Australia' ? '61' : '64',
    }
  const slots = { DEFAULT: phone(seed.phone), MOBILE: phone(seed.mobile) }
  const street = {
    AddressLine1: seed.street,
    City: seed.city,
    Region: seed.region,
    PostalCode: seed.postalCode,
    Country: seed.country ?? 'New Zealand',
  }
  return {
    ContactID,
    ContactStatus: 'ACTIVE',
    Name: seed.name,
    ...texts,
    Phones: Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== undefined)),
    Addresses: { STREET: Object.fromEntries(Object.entries(street).filter(([, value]) => value !== undefined)) },
    ContactPersons: [],
    ...(seed.salesTerms ? { PaymentTerms: { Sales: seed.salesTerms } } : {}),
    updatedAt: now,
  }
}

function seedTracking(idOf: (key: string) => string, now: number): TrackingCategory[] {
  const category = (Name: string, names: readonly string[]): TrackingCategory => ({
    TrackingCategoryID: idOf(Name),
    Name,
    Status: 'ACTIVE',
    Options: names.map((option) => ({ TrackingOptionID: idOf(`${Name}/${option}`), Name: option, Status: 'ACTIVE' })),
    updatedAt: now,
  })
  return [
    category('Region', ['North Island', 'South Island', 'Australia']),
    category('Department', ['Electrical', 'Plumbing', 'Refrigeration', 'Data']),
  ]
}
