import { json } from '@afo/testing'
import { describe, expect, it } from 'vitest'
import { headers, id, invoice, issued, person, secret, useXero } from './support/rig.js'

const rig = useXero()
const zero = '00000000-0000-0000-0000-000000000000'

describe('what it asks', () => {
  it('a page of contacts', async () => {
    rig.answer = (_, response) =>
      json(
        response,
        200,
        {
          Contacts: [{ ContactID: id, Name: 'A' }],
          pagination: { page: 2, pageSize: 1000, pageCount: 3, itemCount: 2001 },
        },
        headers,
      )
    const query = {
      page: 2,
      pageSize: 1000,
      modifiedSince: '2026-09-14T10:00:00Z',
      includeArchived: true,
      where: 'Name=="R&D + Söhne"',
      ids: [id, zero],
    }
    const outcome = await rig.xero.contacts.list(query, person)
    expect(outcome).toMatchObject({ kind: 'ok', value: { page: 2, pageCount: 3, items: [{ name: 'A' }] } })
    const { method, at, headers: sent, body } = rig.last()
    expect(method).toBe('GET')
    expect(at.pathname).toBe('/api.xro/2.0/Contacts')
    expect(Object.fromEntries(at.searchParams)).toEqual({
      page: '2',
      pageSize: '1000',
      includeArchived: 'true',
      where: 'Name=="R&D + Söhne"',
      IDs: `${id},${zero}`,
    })
    expect(sent).toMatchObject({
      authorization: `Bearer ${secret}-0`,
      'xero-tenant-id': rig.tokens.tenantId,
      'if-modified-since': '2026-09-14T10:00:00.000Z',
    })
    expect(body).toBe('')
  })

  it('a contact by its number, null where there is none', async () => {
    rig.answer = (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end()
    expect(await rig.xero.contacts.get('C/1 ü', person)).toEqual({ kind: 'ok', value: null })
    expect(rig.last().at.pathname).toBe(`/api.xro/2.0/Contacts/${encodeURIComponent('C/1 ü')}`)
  })

  it.each(['create', 'upsert'] as const)('contacts to %s, each with its own result', async (how) => {
    const refused = {
      ContactID: zero,
      Name: 'B',
      StatusAttributeString: 'ERROR',
      ValidationErrors: [{ Message: 'taken' }],
    }
    rig.answer = (_, response) => json(response, 200, { Contacts: [{ ContactID: id, Name: 'A' }, refused] }, headers)
    const outcome = await rig.xero.contacts[how](
      [{ name: 'A', emailAddress: 'a@b.c', phones: [{ phoneType: 'MOBILE', phoneNumber: null }] }, { name: 'B' }],
      { priority: 'schedule', idempotencyKey: 'k' },
    )
    expect(outcome).toMatchObject({
      kind: 'ok',
      value: [
        { ok: true, value: { contactID: id } },
        { ok: false, messages: ['taken'] },
      ],
    })
    const { method, at, headers: sent, body } = rig.last()
    expect(method).toBe(how === 'create' ? 'PUT' : 'POST')
    expect(at.search).toBe('?summarizeErrors=false')
    expect(sent['idempotency-key']).toBe('k')
    expect(JSON.parse(body)).toEqual({
      Contacts: [
        { Name: 'A', EmailAddress: 'a@b.c', Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '' }] },
        { Name: 'B' },
      ],
    })
  })

  it('an invoice to create, byte for byte the same again', async () => {
    rig.answer = (_, response) => json(response, 200, { Invoices: [issued] }, headers)
    for (let i = 0; i < 2; i++) {
      const outcome = await rig.xero.invoices.create([invoice], { priority: 'invoice', idempotencyKey: 'k' })
      expect(outcome).toMatchObject({ kind: 'ok', value: [{ ok: true, value: { invoiceID: id, total: '115' } }] })
    }
    const { method, at, body } = rig.last()
    expect(method).toBe('PUT')
    expect(Object.fromEntries(at.searchParams)).toEqual({ summarizeErrors: 'false', unitdp: '4' })
    expect(body).toBe(rig.stub.arrived[0]?.body)
    expect(JSON.parse(body)).toEqual({
      Invoices: [
        {
          Type: 'ACCREC',
          Contact: { ContactID: id },
          LineItems: [{ Description: 'Labour', Quantity: 1.5, UnitAmount: 66.6667, AccountCode: '200' }],
          Date: '2026-09-14',
          DueDate: '2026-09-28',
          LineAmountTypes: 'Exclusive',
          InvoiceNumber: 'AFO-00001',
          Status: 'AUTHORISED',
        },
      ],
    })
  })

  it('invoices by numbers and statuses, with four decimals', async () => {
    await rig.xero.invoices.list({ numbers: ['AFO-1', 'AFO-2'], statuses: ['PAID'], pageSize: 40 }, person)
    expect(Object.fromEntries(rig.last().at.searchParams)).toEqual({
      InvoiceNumbers: 'AFO-1,AFO-2',
      Statuses: 'PAID',
      page: '1',
      unitdp: '4',
      pageSize: '40',
    })
  })

  it('a status without a key and without lines', async () => {
    rig.answer = (_, response) => json(response, 200, { Invoices: [{ ...issued, Status: 'VOIDED' }] }, headers)
    const outcome = await rig.xero.invoices.setStatus(id, 'VOIDED', { priority: 'person', idempotencyKey: 'k' })
    expect(outcome).toMatchObject({ kind: 'ok', value: { status: 'VOIDED' } })
    expect(rig.last()).toMatchObject({ method: 'POST', body: '{"Invoices":[{"Status":"VOIDED"}]}' })
    expect(rig.last().headers['idempotency-key']).toBeUndefined()
  })

  it('history, notes, items and settings', async () => {
    const bodies: Record<string, unknown> = {
      History: { HistoryRecords: [{ Details: 'Hello', DateUTC: '/Date(1552331430618+0000)/', ValidationErrors: [] }] },
      Items: {
        Items: [
          { ItemID: id, Code: 'LAB', SalesDetails: { UnitPrice: 95.1234, AccountCode: '200', TaxType: 'OUTPUT2' } },
        ],
      },
      Accounts: { Accounts: [{ AccountID: id, Code: '200', Type: 'REVENUE', Status: 'ACTIVE' }] },
      TaxRates: {
        TaxRates: [
          { Name: '15% GST', TaxType: 'OUTPUT2', Status: 'ACTIVE', EffectiveRate: 15, CanApplyToRevenue: true },
        ],
      },
      Organisation: {
        Organisations: [
          {
            Name: 'Demo',
            BaseCurrency: 'NZD',
            Timezone: 'NEWZEALANDSTANDARDTIME',
            PeriodLockDate: '/Date(1222732800000+0000)/',
          },
        ],
      },
      TrackingCategories: {
        TrackingCategories: [
          {
            TrackingCategoryID: id,
            Name: 'Region',
            Options: [{ TrackingOptionID: id, Name: 'North', Status: 'ACTIVE' }],
          },
        ],
      },
    }
    rig.answer = ({ url }, response) =>
      json(response, 200, bodies[new URL(url, rig.stub.url).pathname.split('/').at(-1) ?? ''], headers)
    expect(await rig.xero.invoices.history(id, person)).toMatchObject({
      value: [{ details: 'Hello', dateUTC: '2019-03-11T19:10:30.618Z' }],
    })
    expect(await rig.xero.invoices.addHistory(id, 'Hello', person)).toMatchObject({ value: { details: 'Hello' } })
    expect(JSON.parse(rig.last().body)).toEqual({ HistoryRecords: [{ Details: 'Hello' }] })
    expect(await rig.xero.items.list({}, person)).toMatchObject({
      value: [{ code: 'LAB', isSold: true, salesDetails: { unitPrice: '95.1234' } }],
    })
    expect(rig.last().at.search).toBe('?unitdp=4')
    expect(await rig.xero.accounts.list(person)).toMatchObject({ value: [{ code: '200' }] })
    expect(await rig.xero.taxRates.list(person)).toMatchObject({
      value: [{ effectiveRate: '15', canApplyToRevenue: true }],
    })
    expect(await rig.xero.organisation.get(person)).toMatchObject({
      value: { timezone: 'NEWZEALANDSTANDARDTIME', periodLockDate: '2008-09-30' },
    })
    expect(await rig.xero.tracking.list(person)).toMatchObject({
      value: [{ name: 'Region', options: [{ name: 'North' }] }],
    })
  })

  it('nothing, where an amount can not be sent exactly', async () => {
    const inexact = { ...invoice, lineItems: [{ description: 'x', quantity: '12345678901234.1234', unitAmount: '1' }] }
    await expect(async () => rig.xero.invoices.create([inexact], person)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'inexact-amount',
    })
    expect(rig.stub.arrived).toHaveLength(0)
  })
})
