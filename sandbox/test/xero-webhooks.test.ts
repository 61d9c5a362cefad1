import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Connected, connected } from './xero-harness.js'

const key = 'webhook+key/=='

interface Delivery {
  readonly body: string
  readonly signature: string
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A receiver that checks signatures as Xero asks, or fails as told. */
async function receiver() {
  const deliveries: Delivery[] = []
  let failures = 0
  let held: Promise<void> | undefined
  const server: Server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const signature = String(req.headers['x-xero-signature'])
    const right = createHmac('sha256', key).update(body).digest('base64') === signature
    if (failures > 0 && right) {
      failures--
      return void res.writeHead(500).end()
    }
    if (right) deliveries.push({ body, signature })
    await held
    res.writeHead(right ? 200 : 401).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    fail: (times: number) => {
      failures = times
    },
    /** Answers wait until the returned function is called. */
    hold: () => {
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    // biome-ignore lint/suspicious/noExplicitAny: the events as they came
    events: (): any[] => deliveries.flatMap((d) => JSON.parse(d.body).events),
    deliveries,
  }
}

async function start(options: Parameters<typeof connected>[0] = {}) {
  const hook = await receiver()
  const xero: Connected = await connected({ webhook: { url: hook.url, key }, ...options })
  closers.push(() => xero.close())
  return { hook, xero, person: xero.xero.control.person() }
}

describe('webhooks', () => {
  it('tells thinly of contacts and invoices, gathered and signed', async () => {
    const { hook, xero, person } = await start()
    const contact = person.createContact({ Name: 'Hooked' })
    person.editContact(contact.ContactID, { FirstName: 'H' })
    const invoice = person.createInvoice({
      Type: 'ACCREC',
      Contact: { ContactID: contact.ContactID },
      LineItems: [{ Description: 'x', UnitAmount: 1 }],
    })
    person.archiveContact(contact.ContactID)
    await expect.poll(() => hook.events().length).toBe(4)
    expect(hook.deliveries).toHaveLength(1)
    expect(hook.events().map((e) => [e.eventCategory, e.eventType])).toEqual([
      ['CONTACT', 'CREATE'],
      ['CONTACT', 'UPDATE'],
      ['INVOICE', 'CREATE'],
      ['CONTACT', 'UPDATE'],
    ])
    expect(hook.events()[2]).toEqual({
      resourceUrl: `https://api.xero.com/api.xro/2.0/Invoices/${invoice.InvoiceID}`,
      resourceId: invoice.InvoiceID,
      eventDateUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
      eventType: 'CREATE',
      eventCategory: 'INVOICE',
      tenantId: xero.tenantId,
      tenantType: 'ORGANISATION',
    })
    expect(JSON.parse(hook.deliveries[0]?.body ?? '')).toMatchObject({ firstEventSequence: 1, lastEventSequence: 4 })
  })

  it('dates each contact by when it was written, not by the end of its batch', async () => {
    const { hook, xero } = await start()
    await xero.call('PUT', '/Contacts', { Contacts: Array.from({ length: 50 }, (_, n) => ({ Name: `Contact ${n}` })) })
    await expect.poll(() => hook.events().length).toBe(50)
    const contacts = xero.xero.control.world.stores[0]?.contacts
    for (const { resourceId, eventDateUtc } of hook.events())
      expect(Date.parse(`${eventDateUtc}Z`)).toBe(contacts?.get(resourceId)?.updatedAt)
  })

  it('tells nothing of what was refused, and of payments only if set so', async () => {
    const { hook, xero, person } = await start()
    await xero.call('PUT', '/Contacts', { Contacts: [{ Name: 'Fine' }, { Name: '' }] })
    const contactId = xero.xero.control.ledger().contacts[0]?.ContactID ?? ''
    const invoice = person.createInvoice({
      Type: 'ACCREC',
      Status: 'AUTHORISED',
      DueDate: '2026-12-01',
      Contact: { ContactID: contactId },
      LineItems: [{ Description: 'x', UnitAmount: 100, AccountCode: '200' }],
    })
    person.pay(invoice.InvoiceID, { amount: '1.00' })
    await expect.poll(() => hook.events().map((e) => e.eventType)).toEqual(['CREATE', 'UPDATE'])
    xero.xero.control.setWebhook({ paymentRaisesInvoiceUpdate: false })
    person.pay(invoice.InvoiceID, { amount: '1.00' })
    person.editInvoice(invoice.InvoiceID, { Reference: 'after' })
    await expect.poll(() => hook.events().length).toBe(3)
  })

  it('tries again at once, then after a quarter of an hour, in order and without loss', async () => {
    const { hook, xero, person } = await start({ timeScale: 600 })
    hook.fail(3)
    person.createContact({ Name: 'First' })
    await expect.poll(() => xero.xero.control.webhook().failures).toBe(1)
    person.createContact({ Name: 'Second' })
    await expect.poll(() => hook.events().length, { timeout: 10_000 }).toBe(2)
    await expect.poll(() => xero.xero.control.webhook()).toMatchObject({ enabled: true, pending: 0, delivered: 2 })
  })

  it('keeps what happens while a delivery is under way', async () => {
    const { hook, xero, person } = await start()
    const release = hook.hold()
    person.createContact({ Name: 'First' })
    await expect.poll(() => hook.deliveries.length).toBe(1)
    person.createContact({ Name: 'Meanwhile' })
    release()
    await expect.poll(() => hook.events().length).toBe(2)
    await expect.poll(() => xero.xero.control.webhook()).toMatchObject({ pending: 0, delivered: 2, failures: 0 })
    expect(hook.deliveries.map((d) => JSON.parse(d.body).firstEventSequence)).toEqual([1, 2])
  })

  it('delivers twice, or never, as told', async () => {
    const { hook, xero, person } = await start()
    xero.xero.control.setWebhook({ repeat: 2 })
    person.createContact({ Name: 'Repeated' })
    await expect.poll(() => hook.events().length).toBe(2)
    expect(hook.deliveries[0]?.body).toBe(hook.deliveries[1]?.body)
    xero.xero.control.setWebhook({ repeat: 0 })
    person.createContact({ Name: 'Lost' })
    expect(xero.xero.control.webhook().pending).toBe(0)
  })

  it('probes the intent to receive with right and wrong signatures', async () => {
    const { hook, xero } = await start()
    expect(await xero.xero.control.intentToReceive()).toMatchObject({ ok: true })
    const right = hook.deliveries.map((d) => JSON.parse(d.body))
    expect(right).toHaveLength(2)
    expect(right[0]).toMatchObject({ events: [], firstEventSequence: 0, lastEventSequence: 0 })
    xero.xero.control.setWebhook({ target: { url: hook.url, key: 'another' } })
    expect(await xero.xero.control.intentToReceive()).toMatchObject({ ok: false })
    expect(xero.xero.control.webhook().enabled).toBe(false)
  })
})
