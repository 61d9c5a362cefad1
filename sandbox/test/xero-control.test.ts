import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startXero } from '../src/xero/index.js'
import { app, type Connected, connected, invoice } from './xero-harness.js'

let xero: Connected
let contactId: string
beforeAll(async () => {
  xero = await connected()
  contactId = xero.xero.control.ledger().contacts[0]?.ContactID ?? ''
})
afterAll(() => xero.close())

const door = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  xero.request(method, `/_sandbox${path}`, body, headers)

describe('the control door', () => {
  it('does over HTTP what a person does in Xero', async () => {
    const contact = (await door('POST', '/contacts', { action: 'create', contact: { Name: 'By door' } })).body
    expect(
      (await door('POST', '/contacts', { action: 'edit', id: contact.ContactID, contact: { FirstName: 'D' } })).body
        .FirstName,
    ).toBe('D')
    const made = (
      await door('POST', '/invoices', {
        action: 'create',
        invoice: invoice(contact.ContactID, { InvoiceNumber: 'DOOR-1' }),
      })
    ).body
    await door('POST', '/invoices', { action: 'note', id: 'DOOR-1', details: 'called them' })
    expect((await door('POST', '/payments', { action: 'pay', invoice: 'DOOR-1', amount: '30.00' })).body.Amount).toBe(
      '30.00',
    )
    expect((await door('POST', '/credit-notes', { invoice: made.InvoiceID })).body.Total).toBe('200.00')
    const { totals, invoices } = (await door('GET', '/ledger')).body
    expect(totals).toMatchObject({ documents: 1, total: '230.00', paid: '30.00', credited: '200.00', due: '0.00' })
    expect(invoices[0]).toMatchObject({ Status: 'PAID', ContactName: 'By door', AmountDue: '0.00' })
    expect(invoices[0].History.map((h: { Changes: string }) => h.Changes)).toEqual([
      'Created',
      'Note',
      'Payment Received',
      'Credit Applied',
    ])
    const other = (await door('POST', '/contacts', { action: 'create', contact: { Name: 'Into' } })).body
    expect(
      (await door('POST', '/contacts', { action: 'merge', id: contact.ContactID, into: other.ContactID })).body,
    ).toMatchObject({ ContactStatus: 'ARCHIVED' })
  })

  it('changes items, accounts, tax rates, tracking and the organisation', async () => {
    const item = (
      await door('POST', '/items', { action: 'create', item: { Code: 'NEW', SalesDetails: { UnitPrice: '12.3456' } } })
    ).body
    expect((await xero.call('GET', '/Items/NEW?unitdp=4')).body.Items[0].SalesDetails.UnitPrice).toBe(12.3456)
    await door('POST', '/items', { action: 'remove', id: item.ItemID })
    expect((await xero.call('GET', '/Items')).body.Items).toHaveLength(25)
    await door('POST', '/accounts', { Code: '210', Status: 'ARCHIVED' })
    const refused = await xero.call('PUT', '/Invoices', { Invoices: [invoice(contactId)] })
    expect(refused.text).toContain("Account code '210' has been archived")
    await door('POST', '/accounts', { Code: '210', Status: 'ACTIVE' })
    await door('POST', '/tax-rates', { TaxType: 'OUTPUT2', Rate: '12.5' })
    expect((await xero.call('PUT', '/Invoices', { Invoices: [invoice(contactId)] })).body.Invoices[0].TotalTax).toBe(25)
    await door('POST', '/organisation', { PeriodLockDate: '2026-06-30', ForbiddenActions: ['UseMulticurrency'] })
    expect((await xero.call('GET', '/Organisation')).body.Organisations[0].PeriodLockDate).toBe(
      `/Date(${Date.parse('2026-06-30T00:00:00Z')}+0000)/`,
    )
    const { Actions } = (await xero.call('GET', '/Organisation/Actions')).body
    expect(Actions).toContainEqual({ Name: 'UseMulticurrency', Status: 'NOT-ALLOWED' })
    const [category] = (await xero.call('GET', '/TrackingCategories')).body.TrackingCategories
    await door('POST', '/tracking', { TrackingCategoryID: category.TrackingCategoryID, Status: 'ARCHIVED' })
    expect((await xero.call('GET', '/TrackingCategories')).body.TrackingCategories).toHaveLength(1)
  })

  it('refuses in Xero’s words what a person can’t do, and says which field is wrong', async () => {
    const taken = await door('POST', '/contacts', { action: 'create', contact: { Name: 'Café Voltaire' } })
    expect([taken.status, taken.body.messages[0]]).toEqual([400, expect.stringContaining('already assigned')])
    expect((await door('POST', '/payments', { action: 'pay', invoice: 'NO-SUCH' })).status).toBe(404)
    for (const [path, body] of [
      ['/faults', { kind: 'nonsense' }],
      ['/contacts', { action: 'create' }],
      ['/limits', { perMinut: 1 }],
      ['/payments', { action: 'pay', invoice: 'x', amount: 1 }],
    ] as const) {
      expect((await door('POST', path, body)).status).toBe(400)
    }
    expect((await door('POST', '/contacts', '{')).status).toBe(400)
    expect((await door('GET', '/ledger?tenantId=none')).status).toBe(404)
  })

  it('lists calls with what is needed to add up any minute', async () => {
    await door('DELETE', '/calls')
    await xero.call('GET', '/Items')
    await xero.call('PUT', '/Contacts?summarizeErrors=false', { Contacts: [{ Name: 'Call A' }, { Name: 'Call B' }] })
    await xero.call('GET', '/Nonsense')
    const { calls, byEndpoint } = (await door('GET', '/calls?since=0')).body
    expect(byEndpoint).toEqual({ 'GET /Items': 1, 'PUT /Contacts': 1, 'GET unknown': 1 })
    expect(calls[1]).toMatchObject({
      method: 'PUT',
      endpoint: 'PUT /Contacts',
      elements: 2,
      status: 200,
      admitted: true,
      concurrent: 1,
      tenantId: xero.tenantId,
      clientId: app.clientId,
    })
    expect(calls[0].durationMs).toBeGreaterThan(0)
    expect((await door('GET', `/calls?since=${calls[2].at}`)).body.calls).toHaveLength(1)
  })

  it('moves the clock, sets limits and faults, resets', async () => {
    expect((await door('POST', '/clock', { advanceMs: 1000 })).body.now).toBeGreaterThan(Date.now())
    expect((await door('POST', '/limits', { perMinute: 7 })).body).toMatchObject({ perMinute: 7 })
    expect((await door('POST', '/faults', { kind: 'error-503', match: { path: '/Items$' } })).body).toMatchObject({
      kind: 'error-503',
      applied: 0,
    })
    expect((await door('GET', '/faults')).body).toHaveLength(1)
    expect((await door('POST', '/disconnect', {})).body).toEqual({ removed: 1 })
    await door('POST', '/reset')
    expect((await door('GET', '/faults')).body).toEqual([])
    expect((await door('GET', '/limits')).body).toMatchObject({ perMinute: 60, enabled: false })
  })

  it('opens for this machine only, and not for a browser’s page of another origin', async () => {
    expect((await door('GET', '/ledger', undefined, { origin: 'https://evil.example' })).status).toBe(403)
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4')?.address
    const wide = await startXero({ apps: [app], host: '0.0.0.0' })
    try {
      expect((await fetch(`http://127.0.0.1:${wide.port}/_sandbox/limits`)).status).toBe(200)
      // Without a network there is no outside to come from.
      if (outside) expect((await fetch(`http://${outside}:${wide.port}/_sandbox/limits`)).status).toBe(403)
    } finally {
      await wide.close()
    }
  })
})
