import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basicAuth, connectApp, giveConsent, startXero, type XeroSandbox } from '../src/xero/index.js'
import { app, attach, invoice } from './xero-harness.js'

let folder: string
let stateFile: string
const open: XeroSandbox[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xero-'))
  stateFile = join(folder, 'deep', 'xero.json')
})
afterEach(async () => {
  for (const xero of open.splice(0)) await xero.close()
  await rm(folder, { recursive: true })
})

const start = async (port = 0) => {
  const xero = await startXero({ apps: [app], limits: { enabled: true, perDay: 50 }, stateFile, port })
  open.push(xero)
  return xero
}
const restart = async (xero: XeroSandbox) => {
  open.splice(open.indexOf(xero), 1)
  await xero.close()
  const again = await start(xero.port)
  // The client finds its idle connections to the old process dead by using them.
  await expect
    .poll(() =>
      fetch(again.url).then(
        (r) => r.ok,
        () => false,
      ),
    )
    .toBe(true)
  return again
}
const token = async (xero: XeroSandbox, form: Record<string, string>) =>
  (
    await fetch(`${xero.url}/connect/token`, {
      method: 'POST',
      headers: { authorization: basicAuth(app) },
      body: new URLSearchParams(form),
    })
  ).status

describe('a restart', () => {
  it('keeps documents, tokens, connections, kept answers, the day’s spending and the clock', async () => {
    const first = await start()
    const tokens = await connectApp(first.url, app)
    const before = attach(first, tokens)
    const contactId = first.control.ledger().contacts[0]?.ContactID ?? ''
    const body = { Invoices: [invoice(contactId, { InvoiceNumber: 'KEPT-1' })] }
    const created = await before.call('PUT', '/Invoices', body, { 'idempotency-key': 'kept' })
    await before.call('PUT', `/Invoices/${created.body.Invoices[0].InvoiceID}/History`, {
      HistoryRecords: [{ Details: 'kept note' }],
    })
    first.control.person().pay('KEPT-1', { amount: '30.00' })
    first.control.moveClock({ advanceMs: 60_000 })
    const ledger = first.control.ledger()

    const second = await restart(first)
    expect(second.control.ledger()).toEqual(ledger)
    const after = attach(second, tokens)
    const replay = await after.call('PUT', '/Invoices', body, { 'idempotency-key': 'kept' })
    expect(replay.text).toBe(created.text)
    expect(Number(replay.headers.get('x-daylimit-remaining'))).toBe(47)
    expect(await token(second, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' })).toBe(200)
    expect(second.control.world.clock.offsetMs).toBe(60_000)
  })

  it('keeps a code that has not been exchanged yet', async () => {
    const first = await start()
    const query = {
      response_type: 'code',
      client_id: app.clientId,
      redirect_uri: app.redirectUris[0] ?? '',
      scope: 'openid offline_access accounting.contacts',
      state: 's',
    }
    const callback = await giveConsent(`${first.url}/identity/connect/authorize?${new URLSearchParams(query)}`)
    const second = await restart(first)
    const code = new URL(callback).searchParams.get('code') ?? ''
    expect(await token(second, { grant_type: 'authorization_code', code, redirect_uri: query.redirect_uri })).toBe(200)
  })

  it('writes about a second after a change, readable by its owner alone', async () => {
    const xero = await start()
    const written = async () => (await readFile(stateFile, 'utf8')).includes('Written soon')
    xero.control.person().createContact({ Name: 'Written soon' })
    expect(await written()).toBe(false)
    await expect.poll(written, { timeout: 5000 }).toBe(true)
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600)
  })

  it('says so when the file is damaged, instead of beginning anew', async () => {
    const xero = await start()
    open.splice(0)
    await xero.close()
    await writeFile(stateFile, '{"version":1,')
    await expect(start()).rejects.toThrow(SyntaxError)
  })
})

describe('reset and seed', () => {
  it('goes back to the seed: 57 active contacts of 60, 25 items, no documents, no connection', async () => {
    const xero = await start()
    const { call } = attach(xero, await connectApp(xero.url, app))
    xero.control.person().createContact({ Name: 'Short-lived' })
    expect((await call('GET', '/Organisation')).status).toBe(200)
    xero.control.reset()
    expect(xero.control.ledger().totals).toMatchObject({
      contacts: 60,
      activeContacts: 57,
      items: 25,
      documents: 0,
      total: '0.00',
    })
    expect((await call('GET', '/Organisation')).status).toBe(403)
    expect(xero.control.calls()).toHaveLength(1)
  })

  it('has the same ids in every sandbox', async () => {
    const [a, b] = [await start(), await startXero({ apps: [app] })]
    open.push(b)
    expect(a.control.ledger().items.map((i) => i.ItemID)).toEqual(b.control.ledger().items.map((i) => i.ItemID))
  })
})
