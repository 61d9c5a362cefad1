import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JsonObject, OpenApiDocument } from '../src/xero/openapi/document.js'
import { SchemaSet } from '../src/xero/openapi/schemas.js'
import { type Connected, connected } from './xero-harness.js'

// The SDK is CommonJS; deep import as the product does, since the whole of it takes twice the memory.
const require = createRequire(import.meta.url)
const { AccountingApi } = require('xero-node/dist/gen/api/accountingApi.js')
const models = require('xero-node/dist/gen/model/accounting/models.js')

interface Attribute {
  readonly name: string
  readonly baseName: string
  readonly type: string
}

/** Where a deserialised answer is not what the SDK's model says it is. */
function disagreements(value: unknown, type: string, path: string): string[] {
  if (value === undefined || value === null) return []
  const list = /^Array<(.+)>$/.exec(type)?.[1]
  if (list)
    return Array.isArray(value)
      ? value.flatMap((item, i) => disagreements(item, list, `${path}[${i}]`))
      : [`${path} is no list`]
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value) ? [] : [`${path} is no number`]
  if (type === 'boolean') return typeof value === 'boolean' ? [] : [`${path} is no boolean`]
  // The SDK types dates as strings and delivers Dates.
  if (type === 'Date' || value instanceof Date)
    return value instanceof Date && !Number.isNaN(value.getTime()) ? [] : [`${path} is no date`]
  const model = models[type.split('.')[0] ?? '']
  if (type.includes('.') && model) {
    const known = Object.values(model[type.split('.')[1] ?? ''] ?? {})
    return known.includes(value) ? [] : [`${path} is ${String(value)}, not one of ${known.join(', ')}`]
  }
  if (model?.attributeTypeMap) {
    if (typeof value !== 'object') return [`${path} is no ${type}`]
    const attributes = model.attributeTypeMap as Attribute[]
    return attributes.flatMap(({ name, type: inner }) =>
      disagreements((value as Record<string, unknown>)[name], inner, `${path}.${name}`),
    )
  }
  if (type === 'string') return typeof value === 'string' ? [] : [`${path} is no text`]
  return []
}

let xero: Connected
// biome-ignore lint/suspicious/noExplicitAny: the SDK's own types aren't loaded by a deep import
let api: any
beforeAll(async () => {
  xero = await connected()
  api = new AccountingApi(`${xero.xero.url}/api.xro/2.0`)
  api.accessToken = xero.tokens.access_token
})
afterAll(() => xero.close())

/** Runs the product's calls through the SDK; each answer is held against the SDK's models. */
async function everyCall(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes
  const check = async (name: string, type: string, call: Promise<any>): Promise<any> => {
    const { body } = await call
    found[name] = disagreements(body, type, name)
    return body
  }
  const t = xero.tenantId
  const person = xero.xero.control.person()
  await check(
    'getContacts',
    'Contacts',
    api.getContacts(t, new Date(0), undefined, 'Name ASC', undefined, 1, true, false, undefined, 1000),
  )
  const made = await check(
    'createContacts',
    'Contacts',
    api.createContacts(
      t,
      {
        contacts: [
          {
            name: 'SDK customer',
            emailAddress: 'sdk@example.com',
            contactNumber: 'sdk-1',
            phones: [{ phoneType: 'MOBILE', phoneNumber: '123' }],
          },
        ],
      },
      false,
      'key-1',
    ),
  )
  const contactID = made.contacts[0].contactID
  await check(
    'updateOrCreateContacts',
    'Contacts',
    api.updateOrCreateContacts(t, { contacts: [{ contactID, firstName: 'S' }, { name: '' }] }, false),
  )
  await check('getContact', 'Contacts', api.getContact(t, contactID))
  await check('getItems', 'Items', api.getItems(t, new Date(0), undefined, undefined, 4))
  const lineItems = [
    {
      description: 'Labour',
      quantity: 1.3333,
      unitAmount: 118.7555,
      accountCode: '210',
      taxType: 'OUTPUT2',
      tracking: [{ name: 'Region', option: 'North Island' }],
    },
  ]
  const wanted = {
    type: 'ACCREC',
    contact: { contactID },
    date: '2026-11-20',
    dueDate: '2026-12-04',
    lineAmountTypes: 'Exclusive',
    invoiceNumber: 'SDK-1',
    reference: 'PO 1',
    status: 'AUTHORISED',
    url: 'https://amped.example/invoices/1',
    currencyCode: 'NZD',
    lineItems,
  }
  const created = await check(
    'createInvoices',
    'Invoices',
    api.createInvoices(
      t,
      {
        invoices: [wanted, { ...wanted, invoiceNumber: 'SDK-2', lineItems: [{ ...lineItems[0], accountCode: '999' }] }],
      },
      false,
      4,
      'key-2',
    ),
  )
  const { invoiceID } = created.invoices[0]
  await check(
    'createInvoiceHistory',
    'HistoryRecords',
    api.createInvoiceHistory(t, invoiceID, { historyRecords: [{ details: 'PROJECT001 - Labor' }] }, 'key-3'),
  )
  await check('getInvoiceHistory', 'HistoryRecords', api.getInvoiceHistory(t, invoiceID))
  person.pay('SDK-1', { amount: '50.00' })
  person.credit('SDK-1', { amount: '10.00' })
  const read = await check(
    'getInvoices',
    'Invoices',
    api.getInvoices(
      t,
      new Date(0),
      undefined,
      undefined,
      [invoiceID],
      ['SDK-1'],
      undefined,
      ['AUTHORISED'],
      1,
      false,
      false,
      4,
      false,
      40,
    ),
  )
  expect(read.invoices[0]).toMatchObject({
    invoiceNumber: 'SDK-1',
    amountPaid: 50,
    amountCredited: 10,
    total: 182.09,
    date: new Date('2026-11-20T00:00:00Z'),
  })
  await check('getInvoice', 'Invoices', api.getInvoice(t, invoiceID, 4))
  const draft = person.createInvoice({
    Type: 'ACCREC',
    Contact: { ContactID: contactID },
    LineItems: [{ Description: 'x', UnitAmount: 1, AccountCode: '200' }],
  })
  await check('updateInvoice', 'Invoices', api.updateInvoice(t, draft.InvoiceID, { invoices: [{ status: 'DELETED' }] }))
  await check('getPayments', 'Payments', api.getPayments(t, undefined, undefined, undefined, 1))
  await check('getCreditNotes', 'CreditNotes', api.getCreditNotes(t, undefined, undefined, undefined, 1, 4))
  await check('getAccounts', 'Accounts', api.getAccounts(t))
  await check('getTaxRates', 'TaxRates', api.getTaxRates(t))
  await check('getTrackingCategories', 'TrackingCategories', api.getTrackingCategories(t))
  await check('getOrganisations', 'Organisations', api.getOrganisations(t))
  await check('getOrganisationActions', 'Actions', api.getOrganisationActions(t))
  await check('getCurrencies', 'Currencies', api.getCurrencies(t))
  return found
}

describe('the wire form', () => {
  it('agrees with xero-node’s models, call by call', async () => {
    const found = await everyCall()
    expect(Object.keys(found)).toHaveLength(19)
    expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))).toEqual({})
  })

  it('refusals reach the SDK’s caller with Xero’s words', async () => {
    const refused = await api
      .createContacts(xero.tenantId, { contacts: [{ name: 'SDK customer' }] })
      .catch((thrown: unknown) => thrown)
    const { response } = JSON.parse(String(refused))
    expect(response.statusCode).toBe(400)
    expect(response.body.Elements[0].ValidationErrors[0].Message).toContain('already assigned')
  })

  it.runIf(process.env.XERO_OPENAPI)('agrees with Xero’s OpenAPI document, in every request and answer', async () => {
    await xero.request('GET', '/connections', undefined, { authorization: `Bearer ${xero.tokens.access_token}` })
    expect(xero.xero.control.violations()).toEqual([])
  })

  it.runIf(process.env.XERO_OPENAPI)('notices what leaves the document', async () => {
    const { control } = xero.xero
    await xero.call('PUT', '/Contacts?sumarizeErrors=false', {
      Contacts: [{ Nmae: 'typo', Name: 'Typo', EmailAddress: 7 }],
    })
    await xero.call('GET', '/Items?page=one', undefined, { 'idempotency-key': 'on a read' })
    const seen = (control.violations() ?? []).map((v) => `${v.operation} ${v.side} ${v.where}: ${v.problem}`)
    expect(seen).toEqual([
      'PUT /Contacts request query sumarizeErrors: is not listed',
      'PUT /Contacts request /Contacts/*: unknown property Nmae',
      'PUT /Contacts request /Contacts/*/EmailAddress: must be string',
      'GET /Items request query page: is not listed',
      'GET /Items request header idempotency-key: is not listed',
    ])
  })

  it.runIf(process.env.XERO_OPENAPI)('of webhooks agrees with Xero’s document', async () => {
    const document = await OpenApiDocument.load(join(dirname(process.env.XERO_OPENAPI ?? ''), 'xero-webhooks.yaml'))
    const schemas = new SchemaSet(document.schemas, 'answer')
    const event = {
      resourceUrl: `https://api.xero.com/api.xro/2.0/Contacts/${xero.tenantId}`,
      resourceId: xero.tenantId,
      eventType: 'UPDATE',
      eventCategory: 'CONTACT',
      tenantId: xero.tenantId,
      tenantType: 'ORGANISATION',
    }
    const delivery = (more: object) => ({
      events: [{ ...event, eventDateUtc: '2026-11-23T01:15:39.902Z', ...more }],
      firstEventSequence: 1,
      lastEventSequence: 1,
      entropy: 'X',
    })
    const schema = document.schemas.WebhookEvent as JsonObject
    expect(schemas.check(schema, delivery({}))).toEqual([])
    expect(schemas.check(schema, delivery({ eventType: 'Update' }))).not.toEqual([])
  })

  it('the check of the models itself can fail', () => {
    expect(
      disagreements(
        { invoices: [{ total: '1', status: 'LOST', date: new Date('nonsense'), lineItems: {} }] },
        'Invoices',
        'x',
      ),
    ).toHaveLength(4)
  })
})
