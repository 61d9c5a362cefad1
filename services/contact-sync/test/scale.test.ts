import { type ServiceRig, serviceRig } from '@afo/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactSync } from '../src/service.js'
import { addClients, bare, calls, contacts, editClient } from './company.js'

// A tenth of what the bench does, so that it fits CI; the bounds are those of 10,000.
const n = 1_000

let rig: ServiceRig
beforeAll(async () => {
  // In real time: it stays within a minute's 60 calls, and no slow machine makes a call late.
  rig = await serviceRig(contactSync, { timeScale: 1, xero: bare() })
})
afterAll(() => rig?.close())

const sync = () => rig.run('contacts.sync')
const later = () => rig.xero.control.moveClock({ advanceMs: 900_000 })

test(`${n} new clients, then nothing, then one that changed`, { timeout: 120_000 }, async () => {
  const clients = Array.from({ length: n }, (_, i) => ({
    name: `Client ${i}`,
    email: `c${i}@example.org`,
    city: 'Oban',
  }))
  const [first = ''] = await addClients(rig, clients)
  calls(rig)
  expect(await sync()).toMatchObject({ result: { created: n, failed: 0 } })
  expect(rig.xero.control.calls().filter((call) => call.status !== 200)).toEqual([])
  expect(calls(rig)).toEqual({ 'GET /Contacts': 1, 'PUT /Contacts': n / 50 })
  expect(contacts(rig)).toHaveLength(n)
  const copy = () => rig.sql('select xmin::text, contact_id from xero_contacts order by contact_id')
  const before = await copy()

  later()
  expect(await sync()).toMatchObject({ result: { summary: 'Nothing had changed' } })
  expect(calls(rig)['GET /Contacts']).toBeLessThanOrEqual(Math.ceil(n / 1000) + 1)
  // Our own echoes: read once, and nothing written.
  expect(await copy()).toEqual(before)

  later()
  await sync()
  expect(calls(rig)['GET /Contacts']).toBeLessThanOrEqual(2)
  await editClient(rig, first, { phone: '1' })
  expect(await sync()).toMatchObject({ result: { updated: 1 } })
  expect(calls(rig)).toEqual({ 'GET /Contacts': 1, 'POST /Contacts': 1 })
})
