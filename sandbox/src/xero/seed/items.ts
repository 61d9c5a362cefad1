import type { Item } from '../store/types.js'

type Row = readonly [code: string, name: string, price: string | undefined, account?: string, tax?: string]

const sold: readonly Row[] = [
  ['LAB-STD', 'Labour - standard', '95.0000'],
  ['LAB-SEN', 'Labour - senior technician', '118.7500'],
  ['LAB-APP', 'Labour - apprentice', '62.3333'],
  ['LAB-OT', 'Labour - overtime', '142.5000'],
  ['LAB-WE', 'Labour - weekend', '166.6667'],
  ['LAB-CALL', 'Labour - call-out', '187.1250'],
  ['LAB-ELEC', 'Electrician', '104.8875'],
  ['LAB-PLMB', 'Plumber', '99.4550'],
  ['LAB-HVAC', 'Refrigeration technician', '121.3425'],
  ['LAB-DATA', 'Data cabling', '88.9999'],
  ['LAB-PM', 'Project management', '135.0000'],
  ['LAB-ENG', 'Engineering design', '172.2222'],
  ['LAB-TEST', 'Test and tag', '74.1250'],
  ['LAB-FIRE', 'Fire alarm service', '109.0050'],
  ['LAB-EXP', 'Labour - overseas site', '150.0000', '220', 'ZERORATED'],
  ['TRAVEL', 'Travel time', '65.0000'],
  ['PLANT-EWP', 'Elevated work platform, per hour', '58.3330'],
  ['PLANT-DIG', 'Digger with operator, per hour', '131.2500'],
  ['SITE-FEE', 'Site establishment', '350.0000', '200'],
  ['NO-RATE', 'Consulting (priced per job)', undefined, '200'],
]

const bought: readonly Row[] = [
  ['CABLE-25', 'Cable 2.5 mm², per metre', '1.8740'],
  ['PIPE-22', 'Copper pipe 22 mm, per metre', '14.6050'],
  ['GAS-R32', 'Refrigerant R32, per kg', '46.2500'],
  ['HIRE-SCAF', 'Scaffold hire', '220.0000'],
  ['SUB-PAINT', 'Painter (subcontractor)', '61.0000'],
]

/** 25 items: 20 that are sold (two of them without our usual account or any price), 5 that are bought only. */
export const seedItems = (idOf: (code: string) => string, now: number): Item[] => [
  ...sold.map(([Code, Name, UnitPrice, AccountCode = '210', TaxType = 'OUTPUT2']) => ({
    ItemID: idOf(Code),
    Code,
    Name,
    Description: Name,
    IsSold: true,
    IsPurchased: false,
    SalesDetails: { UnitPrice, AccountCode, TaxType },
    PurchaseDetails: {},
    updatedAt: now,
  })),
  ...bought.map(([Code, Name, UnitPrice]) => ({
    ItemID: idOf(Code),
    Code,
    Name,
    PurchaseDescription: Name,
    IsSold: false,
    IsPurchased: true,
    SalesDetails: {},
    PurchaseDetails: { UnitPrice, AccountCode: '300', TaxType: 'INPUT2' },
    updatedAt: now,
  })),
]
