/** The people and companies that Xero's demo organisation knows. */

export interface SeedContact {
  readonly name: string
  readonly firstName?: string
  readonly lastName?: string
  readonly email?: string
  readonly phone?: { readonly area: string; readonly number: string }
  readonly mobile?: { readonly area: string; readonly number: string }
  readonly street?: string
  readonly city?: string
  readonly region?: string
  readonly postalCode?: string
  /** Absent: New Zealand. */
  readonly country?: string
  readonly taxNumber?: string
  readonly accountNumber?: string
}

/** A company that is in AmpedFieldOps as well, and how its record there differs. */
export interface SharedCompany extends SeedContact {
  /** The name as AmpedFieldOps has it, where a person typed it otherwise. */
  readonly clientName?: string
  /** The e-mail as AmpedFieldOps has it. */
  readonly clientEmail?: string
  /** What this pair is there to show. */
  readonly why: string
}

/** The overlap with AmpedFieldOps' clients (supabase/seed.sql takes the clients' side from here). */
export const sharedCompanies: readonly SharedCompany[] = [
  {
    name: 'Ridgeway University',
    firstName: 'Helen',
    lastName: 'Marsh',
    email: 'accounts@ridgeway.ac.example',
    phone: { area: '09', number: '3739944' },
    street: '12 Symonds Street',
    city: 'Auckland',
    postalCode: '1010',
    why: 'same name and e-mail',
  },
  {
    name: 'Harbour Freight Logistics',
    firstName: 'Tom',
    lastName: 'Ngata',
    email: 'ap@harbourfreight.co.example',
    phone: { area: '07', number: '5742210' },
    mobile: { area: '021', number: '774310' },
    street: '88 Hewletts Road',
    city: 'Mount Maunganui',
    postalCode: '3116',
    why: 'same name and e-mail',
  },
  {
    name: 'Kōwhai Dairy Co-operative',
    firstName: 'Aroha',
    lastName: 'Tūhoe',
    email: 'invoices@kowhaidairy.co.example',
    phone: { area: '07', number: '8713300' },
    street: '401 Cambridge Road',
    city: 'Te Awamutu',
    postalCode: '3800',
    clientName: 'Kowhai Dairy Co-operative',
    why: 'macron in Xero, none in AmpedFieldOps',
  },
  {
    name: "O'Sullivan Plumbing & Gas",
    firstName: 'Niamh',
    lastName: "O'Sullivan",
    email: 'office@osullivanplumbing.co.example',
    mobile: { area: '027', number: '4419023' },
    street: '3 Barbadoes Street',
    city: 'Christchurch',
    postalCode: '8011',
    why: 'apostrophe and ampersand',
  },
  {
    name: 'Café Voltaire',
    firstName: 'Élodie',
    lastName: 'Marchand',
    email: 'bonjour@cafevoltaire.co.example',
    phone: { area: '04', number: '3850117' },
    street: '27 Cuba Street',
    city: 'Wellington',
    postalCode: '6011',
    clientName: 'Cafe Voltaire',
    clientEmail: 'Bonjour@CafeVoltaire.co.example',
    why: 'accent in the name, other case in the e-mail',
  },
  {
    name: 'NORTHGATE PROPERTY TRUST',
    firstName: 'Graham',
    lastName: 'Bell',
    email: 'payables@northgate.example',
    phone: { area: '09', number: '4108800' },
    street: '1 Lake Pupuke Drive',
    city: 'Auckland',
    postalCode: '0622',
    clientName: 'Northgate Property Trust',
    why: 'other case in the name',
  },
  {
    name: 'Southern Alps Cableways',
    firstName: 'Jess',
    lastName: 'McKay',
    email: 'admin@sacableways.co.example',
    phone: { area: '03', number: '4427540' },
    street: '53 Brecon Street',
    city: 'Queenstown',
    postalCode: '9300',
    clientEmail: 'jess.mckay@sacableways.co.example',
    why: 'same name, other e-mail',
  },
  {
    name: 'Te Papa Builders Limited',
    firstName: 'Wiremu',
    lastName: 'Parata',
    email: 'wiremu@tepapabuilders.co.example',
    mobile: { area: '022', number: '6503318' },
    street: '14 Jackson Street',
    city: 'Lower Hutt',
    postalCode: '5012',
    clientName: 'Te Papa Builders Ltd',
    why: 'same e-mail, name shortened',
  },
  {
    name: 'Marlborough Sounds Aquaculture',
    firstName: 'Lena',
    lastName: 'Fischer',
    email: 'finance@msaqua.co.example',
    phone: { area: '03', number: '5737766' },
    street: '9 London Quay',
    city: 'Picton',
    postalCode: '7220',
    why: 'same name and e-mail',
  },
  {
    name: 'City Council of Waitohu',
    firstName: 'Priya',
    lastName: 'Raman',
    email: 'creditors@waitohu.govt.example',
    phone: { area: '06', number: '3645000' },
    street: '126 Oxford Street',
    city: 'Waitohu',
    postalCode: '5512',
    accountNumber: 'WCC-0042',
    why: 'has an account number',
  },
  {
    name: 'Hana & Sons Electrical',
    firstName: 'Hana',
    lastName: 'Suzuki',
    email: 'hana@hanaandsons.co.example',
    mobile: { area: '021', number: '0238844' },
    street: '5 Victoria Avenue',
    city: 'Whanganui',
    postalCode: '4500',
    clientName: 'Hana and Sons Electrical',
    why: '"&" in Xero, "and" in AmpedFieldOps, same e-mail',
  },
  {
    name: 'Bay Kiwifruit Packhouse',
    firstName: 'Rob',
    lastName: 'Ellery',
    email: 'rob@baykiwi.co.example',
    phone: { area: '07', number: '5730098' },
    street: '210 Young Road',
    city: 'Te Puke',
    postalCode: '3187',
    why: 'same name and e-mail',
  },
  {
    name: 'Glenfield Medical Centre',
    firstName: 'Dr Anil',
    lastName: 'Desai',
    email: 'practice@glenfieldmedical.co.example',
    phone: { area: '09', number: '4444414' },
    street: '452 Glenfield Road',
    city: 'Auckland',
    postalCode: '0629',
    why: 'same name and e-mail',
  },
  {
    name: 'Barossa Valley Winery Pty Ltd',
    firstName: 'Karl',
    lastName: 'Lehmann',
    email: 'accounts@bvwinery.example',
    phone: { area: '08', number: '85622000' },
    street: '77 Para Road',
    city: 'Tanunda',
    region: 'SA',
    postalCode: '5352',
    country: 'Australia',
    taxNumber: '51824753556',
    why: 'Australian, with an ABN',
  },
  {
    name: 'Müller Refrigeration',
    firstName: 'Jürgen',
    lastName: 'Müller',
    email: 'service@mueller-refrigeration.co.example',
    phone: { area: '03', number: '3389001' },
    street: '22 Wrights Road',
    city: 'Christchurch',
    postalCode: '8024',
    why: 'umlaut in the name, none in the e-mail',
  },
  {
    name: "St Mary's School",
    firstName: 'Bronwyn',
    lastName: 'Hughes',
    email: 'office@stmarys-hamilton.school.example',
    phone: { area: '07', number: '8388020' },
    street: '39 Clyde Street',
    city: 'Hamilton',
    postalCode: '3216',
    clientName: 'St Mary’s School',
    why: 'typewriter apostrophe in Xero, typographic one in AmpedFieldOps',
  },
  {
    name: 'Pacific Data Centres',
    firstName: 'Sione',
    lastName: 'Fonua',
    email: 'ap@pacificdc.co.example',
    phone: { area: '09', number: '9220011' },
    street: '6 Orbit Drive',
    city: 'Auckland',
    postalCode: '0632',
    why: 'same name and e-mail',
  },
  {
    name: 'Otago Sawmills',
    firstName: 'Fraser',
    lastName: 'Calder',
    email: 'office@otagosawmills.co.example',
    phone: { area: '03', number: '4894060' },
    street: '118 Gladstone Road',
    city: 'Mosgiel',
    postalCode: '9024',
    clientEmail: '',
    why: 'same name, no e-mail in AmpedFieldOps',
  },
  {
    name: 'Riverside Apartments Body Corporate 88123',
    email: 'bc88123@strataone.co.example',
    street: '1 Parliament Street',
    city: 'Auckland',
    postalCode: '1010',
    why: 'shares its e-mail with the next',
  },
  {
    name: 'Riverside Apartments Body Corporate 88124',
    email: 'bc88123@strataone.co.example',
    street: '3 Parliament Street',
    city: 'Auckland',
    postalCode: '1010',
    why: 'shares its e-mail with the one before',
  },
]
