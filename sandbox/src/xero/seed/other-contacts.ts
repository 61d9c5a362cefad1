import type { SeedContact } from './types.js'

const towns = [
  ['Auckland', '1023', '09'],
  ['Hamilton', '3204', '07'],
  ['Wellington', '6021', '04'],
  ['Nelson', '7010', '03'],
  ['Dunedin', '9016', '03'],
] as const

const others = [
  'ABC Furniture',
  'Basket Case',
  'Bayside Club',
  'Boom FM',
  'Capital Cab Co',
  'Central Copiers',
  'City Agency',
  'City Limousines',
  'DIISR - Small Business Services',
  'Epicenter Café',
  'Fulton Airconditioning',
  'Gable Print',
  'Gateway Motors',
  'Hamilton Smith Ltd',
  'Jakaranda Maple Systems',
  'Marine Systems',
  'MCO Cleaning Services',
  'Melrose Parking',
  'MegaCorp NZ',
  'Net Connect',
  'Oaktown Tower Body Corp',
  'Orlena Greenville',
  'Pinnacle Management',
  'Port & Philip Freight',
  'PowerDirect',
  'Rex Media Group',
  'Smart Agency',
  'SMART Design',
  'Swanston Security',
  'Tui Tiling',
  'Tower Lifts',
  'Truxton Property Management',
  'Vector Metering',
  'Woolworks Carpets',
  'Xanadu Hot Pools',
  'Young Bros Transport',
  'Zenith Signs',
] as const

/** Companies that Xero alone knows. */
export const otherContacts: readonly SeedContact[] = others.map((name, i) => {
  const [city, postalCode, area] = towns[i % towns.length] ?? towns[0]
  const domain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase()
  return {
    name,
    email: i % 7 === 3 ? undefined : `accounts@${domain}.example`,
    phone: { area, number: String(2_004_000 + i * 7919).slice(0, 7) },
    street: `${i + 11} Queen Street`,
    city,
    postalCode,
  } as SeedContact
})

/** Gone from daily life: an archived contact, and two that were merged into others. */
export const pastContacts: readonly (SeedContact & { readonly mergedInto?: string })[] = [
  {
    name: 'Kauri Joinery (closed 2024)',
    email: 'office@kaurijoinery.co.example',
    city: 'Whangārei',
  },
  {
    name: 'Harbour Freight',
    email: 'ap@harbourfreight.co.example',
    city: 'Tauranga',
    mergedInto: 'Harbour Freight Logistics',
  },
  {
    name: 'Pacific Data Centers',
    email: 'accounts@pacificdc.co.example',
    city: 'Auckland',
    mergedInto: 'Pacific Data Centres',
  },
]
